// io.sparkvlm.torch.natives.RowKernels. Compiled for any x86-64.
#include "java.h"
#include "kernels.h"

using namespace sparkvlm;

JNI(void, RowKernels, normalize)
(void*, void*, int64_t input, int64_t weight, int64_t output, int64_t rows, int64_t width, float epsilon, int32_t threads) {
    kernels().normalize(at<const bf16>(input), at<const bf16>(weight), at<bf16>(output), rows, width, epsilon, threads);
}

JNI(void, RowKernels, turn)
(void*, void*, int64_t heads, int64_t rows, int64_t rowStride, int32_t count, int32_t size, int64_t cosines, int64_t sines,
 int32_t threads) {
    kernels().turn({at<bf16>(heads), rows, rowStride, count, size}, at<const float>(cosines), at<const float>(sines), threads);
}

JNI(void, RowKernels, store)
(void*, void*, int64_t heads, int64_t rows, int64_t rowStride, int32_t count, int32_t size, int64_t slots, int64_t cache,
 int64_t headStride) {
    store({at<bf16>(heads), rows, rowStride, count, size}, at<const int64_t>(slots), at<bf16>(cache), headStride);
}

JNI(void, RowKernels, gate)(void*, void*, int64_t input, int64_t output, int64_t rows, int64_t width, int32_t threads) {
    kernels().gate(at<const bf16>(input), at<bf16>(output), rows, width, threads);
}

JNI(void, RowKernels, quickGelu)(void*, void*, int64_t values, int64_t count, int32_t threads) {
    kernels().quickGelu(at<bf16>(values), count, threads);
}

JNI(void, RowKernels, largest)(void*, void*, int64_t input, int64_t rows, int64_t width, int64_t values, int64_t places, int32_t threads) {
    kernels().largest(at<const float>(input), rows, width, at<float>(values), at<int64_t>(places), threads);
}
