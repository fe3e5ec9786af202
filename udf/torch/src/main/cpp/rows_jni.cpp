// io.sparkvlm.torch.natives.RowKernels. Compiled for any x86-64: it asks which instructions there are.
#include "java.h"
#include "processor.h"
#include "rows.h"

using namespace sparkvlm;

namespace {

const bool AVX512 = hasAvx512();

}  // namespace

JNI(uint8_t, RowKernels, areSupported)(void*, void*) { return hasAvx2(); }

JNI(void, RowKernels, normalize)
(void*, void*, int64_t input, int64_t weight, int64_t output, int64_t rows, int64_t width, float epsilon, int32_t threads) {
    auto* normalize = AVX512 ? avx512::normalize : avx2::normalize;
    normalize(at<const bf16>(input), at<const bf16>(weight), at<bf16>(output), rows, width, epsilon, threads);
}

JNI(void, RowKernels, turn)
(void*, void*, int64_t heads, int64_t rows, int64_t rowStride, int32_t count, int32_t size, int64_t cosines, int64_t sines,
 int32_t threads) {
    auto* turn = AVX512 ? avx512::turn : avx2::turn;
    turn({at<bf16>(heads), rows, rowStride, count, size}, at<const float>(cosines), at<const float>(sines), threads);
}

JNI(void, RowKernels, store)
(void*, void*, int64_t heads, int64_t rows, int64_t rowStride, int32_t count, int32_t size, int64_t slots, int64_t cache,
 int64_t headStride) {
    store({at<bf16>(heads), rows, rowStride, count, size}, at<const int64_t>(slots), at<bf16>(cache), headStride);
}

JNI(void, RowKernels, gate)(void*, void*, int64_t input, int64_t output, int64_t rows, int64_t width, int32_t threads) {
    auto* gate = AVX512 ? avx512::gate : avx2::gate;
    gate(at<const bf16>(input), at<bf16>(output), rows, width, threads);
}

JNI(void, RowKernels, quickGelu)(void*, void*, int64_t values, int64_t count, int32_t threads) {
    auto* quickGelu = AVX512 ? avx512::quickGelu : avx2::quickGelu;
    quickGelu(at<bf16>(values), count, threads);
}

JNI(void, RowKernels, largest)(void*, void*, int64_t input, int64_t rows, int64_t width, int64_t values, int64_t places, int32_t threads) {
    auto* largest = AVX512 ? avx512::largest : avx2::largest;
    largest(at<const float>(input), rows, width, at<float>(values), at<int64_t>(places), threads);
}
