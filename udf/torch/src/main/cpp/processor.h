// Which instructions this processor has, by what the kernels are compiled for.
#pragma once
#include <cpuid.h>

namespace sparkvlm {

// x86-64-v3, of which only what a processor could lack is asked for.
inline bool hasAvx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"); }

// x86-64-v4.
inline bool hasAvx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

inline bool hasAvx512Vnni() { return __builtin_cpu_supports("avx512vnni"); }

inline bool hasAvx512Bf16() { return __builtin_cpu_supports("avx512bf16"); }

inline bool hasAvx512Vbmi() { return __builtin_cpu_supports("avx512vbmi"); }

// Whether the system lets processes use tiles: bits 17 and 18 of XCR0, where leaf 1, ECX bit 27, says that it can be read.
inline bool tilesAreEnabled() {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1)) {
        return false;
    }
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low >> 17 & 3) == 3;
}

// Leaf 7, EDX bit 22 (Intel's manual, CPUID): matrix units, through which libtorch multiplies.
inline bool hasAmxBf16() {
    unsigned a, b, c, d;
    return tilesAreEnabled() && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1);
}

}  // namespace sparkvlm
