// What Java calls, io.sparkvlm.torch.natives.RowKernels. Compiled for any x86-64: it asks which instructions there are.
#include <cstdint>
#include <cstring>

#include "rows.h"

using namespace sparkvlm;

// The two arguments that every static native method gets, of which none is used here.
#define JNI(type, name) extern "C" __attribute__((visibility("default"))) type Java_io_sparkvlm_torch_natives_RowKernels_##name

namespace {

bool hasAvx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

const bool AVX512 = hasAvx512();

template <typename T>
T* at(int64_t address) {
    return reinterpret_cast<T*>(address);
}

}  // namespace

// x86-64-v3, of which only what a processor could lack is asked for.
JNI(uint8_t, areSupported)(void*, void*) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
}

JNI(void, normalize)
(void*, void*, int64_t input, int64_t weight, int64_t output, int64_t rows, int64_t width, float epsilon, int32_t threads) {
    auto* normalize = AVX512 ? avx512::normalize : avx2::normalize;
    normalize(at<const bf16>(input), at<const bf16>(weight), at<bf16>(output), rows, width, epsilon, threads);
}

JNI(void, turn)
(void*, void*, int64_t heads, int64_t rows, int64_t rowStride, int32_t count, int32_t size, int64_t cosines, int64_t sines,
 int32_t threads) {
    auto* turn = AVX512 ? avx512::turn : avx2::turn;
    turn({at<bf16>(heads), rows, rowStride, count, size}, at<const float>(cosines), at<const float>(sines), threads);
}

JNI(void, store)
(void*, void*, int64_t heads, int64_t rows, int64_t rowStride, int32_t count, int32_t size, int64_t slots, int64_t cache,
 int64_t headStride) {
    for (int64_t row = 0; row < rows; row++) {
        for (int32_t head = 0; head < count; head++) {
            std::memcpy(at<bf16>(cache) + head * headStride + at<const int64_t>(slots)[row] * size,
                        at<const bf16>(heads) + row * rowStride + (int64_t)head * size, size * sizeof(bf16));
        }
    }
}

JNI(void, gate)(void*, void*, int64_t input, int64_t output, int64_t rows, int64_t width, int32_t threads) {
    auto* gate = AVX512 ? avx512::gate : avx2::gate;
    gate(at<const bf16>(input), at<bf16>(output), rows, width, threads);
}

JNI(void, quickGelu)(void*, void*, int64_t values, int64_t count, int32_t threads) {
    auto* quickGelu = AVX512 ? avx512::quickGelu : avx2::quickGelu;
    quickGelu(at<bf16>(values), count, threads);
}
