// What Java calls, io.sparkvlm.torch.natives.LinearKernels. Compiled for any x86-64: it asks which instructions there are.
#include <cpuid.h>

#include <cstdint>

#include "linears.h"

using namespace sparkvlm;

// The two arguments that every static native method gets, of which none is used here.
#define JNI(type, name) extern "C" __attribute__((visibility("default"))) type Java_io_sparkvlm_torch_natives_LinearKernels_##name

namespace {

template <typename T>
const T* at(int64_t address) {
    return reinterpret_cast<const T*>(address);
}

}  // namespace

JNI(uint8_t, areSupported)(void*, void*) {
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

JNI(void, pack)
(void*, void*, int64_t codes, int64_t outputs, int64_t inputs, int64_t padded, int32_t layout, int64_t packed, int32_t threads) {
    pack(at<int8_t>(codes), outputs, inputs, padded, (Layout)layout, reinterpret_cast<uint8_t*>(packed), threads);
}

JNI(uint8_t, multiply)
(void*, void*, int32_t layout, int64_t codes, int64_t scales, int64_t zeros, int64_t sums, int64_t bias, int64_t outputs, int64_t inputs,
 int64_t group, int32_t threads, int64_t input, int64_t output, int64_t rows) {
    Weights weights{(Layout)layout, at<uint8_t>(codes), at<float>(scales), at<int16_t>(zeros), at<int32_t>(sums), at<float>(bias),
                    outputs,        inputs,             group,             threads};
    return multiplyAvx512(weights, at<bf16>(input), reinterpret_cast<bf16*>(output), rows);
}

// Leaf 7, EDX bit 22 (Intel's manual, CPUID): matrix units, through which libtorch multiplies.
JNI(uint8_t, hasAmxBf16)(void*, void*) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1);
}

JNI(void, packWide)(void*, void*, int64_t weights, int64_t outputs, int64_t inputs, int64_t packed, int32_t threads) {
    packWide(at<bf16>(weights), outputs, inputs, reinterpret_cast<bf16*>(packed), threads);
}

JNI(uint8_t, multiplyWide)
(void*, void*, int64_t packed, int64_t bias, int64_t outputs, int64_t inputs, int32_t threads, int64_t input, int64_t output, int64_t rows) {
    WideMatrix matrix{at<bf16>(packed), at<float>(bias), outputs, inputs, threads};
    return multiplyWide(matrix, at<bf16>(input), reinterpret_cast<bf16*>(output), rows);
}
