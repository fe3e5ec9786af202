// What Java calls, io.sparkvlm.torch.natives.AttentionKernels. Compiled for any x86-64: it asks which instructions there are.
#include <cpuid.h>

#include <cstdint>

#include "attention.h"

using namespace sparkvlm;

// The two arguments that every static native method gets, of which none is used here.
#define JNI(type, name) extern "C" __attribute__((visibility("default"))) type Java_io_sparkvlm_torch_natives_AttentionKernels_##name

namespace {

// Of the instruction sets that a kernel is written for.
bool hasAvx512Bf16() {
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
}

// Leaf 7, EDX bit 22 (Intel's manual, CPUID): matrix units, through which libtorch multiplies.
bool hasAmxBf16() {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1);
}

template <typename T>
Heads<T> heads(int64_t address, int64_t rowStride, int64_t headStride) {
    return {reinterpret_cast<T*>(address), rowStride, headStride};
}

}  // namespace

JNI(uint8_t, hasAvx512Bf16)(void*, void*) { return hasAvx512Bf16(); }

JNI(uint8_t, hasAmxBf16)(void*, void*) { return hasAmxBf16(); }

JNI(uint8_t, attend)
(void*, void*, int64_t queries, int64_t queryRow, int64_t queryHead, int64_t keys, int64_t keyRow, int64_t keyHead, int64_t values,
 int64_t valueRow, int64_t valueHead, int64_t attended, int64_t attendedRow, int64_t attendedHead, int32_t keyValueHeads, int32_t group,
 int32_t headSize, int64_t sequences, int32_t sequenceCount, int64_t blocks, int32_t blockSizeTokens, uint8_t causal, int32_t threads) {
    return attendAvx512Bf16({
        heads<const bf16>(queries, queryRow, queryHead),
        heads<const bf16>(keys, keyRow, keyHead),
        heads<const bf16>(values, valueRow, valueHead),
        heads<bf16>(attended, attendedRow, attendedHead),
        keyValueHeads,
        group,
        headSize,
        reinterpret_cast<const Sequence*>(sequences),
        sequenceCount,
        reinterpret_cast<const int32_t*>(blocks),
        blockSizeTokens,
        causal != 0,
        threads,
    });
}
