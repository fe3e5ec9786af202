// What kernels compute with: vectors of float32 of the instruction set that ISA names, for which a file is compiled.
#pragma once
#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace sparkvlm {

using bf16 = uint16_t;

namespace ISA {

#ifdef __AVX512F__

constexpr int LANES = 16;
constexpr int REGISTERS = 32;

using Floats = __m512;
using Mask = __mmask16;
// The first lanes, which are there in memory.
using Part = __mmask16;

inline Part part(int64_t lanes) { return lanes >= LANES ? 0xffff : lanes <= 0 ? 0 : (1u << lanes) - 1; }

inline Floats spread(float value) { return _mm512_set1_ps(value); }
inline Floats load(const void* from) { return _mm512_loadu_ps(from); }
inline void store(void* to, Floats values) { _mm512_storeu_ps(to, values); }
inline Floats load(const float* from, Part there) { return _mm512_maskz_loadu_ps(there, from); }
inline void store(float* to, Floats values, Part there) { _mm512_mask_storeu_ps(to, there, values); }
// Each half to a place of its own.
inline void storeHalves(void* low, void* high, Floats values) {
    _mm256_storeu_ps((float*)low, _mm512_castps512_ps256(values));
    _mm256_storeu_ps((float*)high, _mm512_extractf32x8_ps(values, 1));
}

inline Floats larger(Floats a, Floats b) { return _mm512_max_ps(a, b); }
inline Floats smaller(Floats a, Floats b) { return _mm512_min_ps(a, b); }
inline Floats floorOf(Floats a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
inline Floats powerOf2(Floats whole) { return _mm512_scalef_ps(spread(1.0f), whole); }
inline Floats absolute(Floats a) { return _mm512_abs_ps(a); }
inline Floats multiplyAdd(Floats a, Floats b, Floats sum) { return _mm512_fmadd_ps(a, b, sum); }
inline float largestOf(Floats a) { return _mm512_reduce_max_ps(a); }
inline float sumOf(Floats a) { return _mm512_reduce_add_ps(a); }
inline float first(Floats a) { return _mm512_cvtss_f32(a); }

inline Mask isGreater(Floats a, Floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ); }
inline Mask areAtLeast(const int32_t* numbers, int32_t least) {
    return _mm512_cmpge_epi32_mask(_mm512_loadu_si512(numbers), _mm512_set1_epi32(least));
}
inline Mask firstOf(Part there) { return there; }
inline bool isAny(Mask mask) { return mask != 0; }
inline Floats select(Mask mask, Floats yes, Floats no) { return _mm512_mask_mov_ps(no, mask, yes); }

inline Floats widened(const bf16* from, Part there) {
    return (Floats)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there, from)), 16);
}

// To the nearest, to even between two.
inline __m256i narrowed(Floats values) {
#ifdef __AVX512BF16__
    return (__m256i)_mm512_cvtneps_pbh(values);
#else
    const __m512i bits = (__m512i)values;
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd);
    const __mmask16 isNumber = _mm512_cmp_ps_mask(values, values, _CMP_ORD_Q);
    const __m512i chosen = _mm512_mask_mov_epi32(_mm512_set1_epi32(0x7fc00000), isNumber, rounded);
    return _mm512_cvtepi32_epi16(_mm512_srli_epi32(chosen, 16));
#endif
}

inline void narrow(bf16* to, Floats values, Part there) { _mm256_mask_storeu_epi16(to, there, narrowed(values)); }

// 2^x, to 9e-5 of itself: a cubic in the fraction, exactly 1 at 0.
inline Floats exp2(Floats x) {
    Floats f = _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    Floats p = multiplyAdd(spread(0.07706713f), f, spread(0.22764488f));
    p = multiplyAdd(p, f, spread(0.69511682f));
    p = multiplyAdd(p, f, spread(1.0f));
    return _mm512_scalef_ps(p, x);
}

// [LANES rows][LANES] to [LANES][LANES rows]
inline void transpose(Floats r[LANES]) {
    Floats t[LANES];
#pragma GCC unroll 8
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[i]), _mm512_castps_pd(t[i + 2])));
        r[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[i]), _mm512_castps_pd(t[i + 2])));
        r[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[i + 1]), _mm512_castps_pd(t[i + 3])));
        r[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[i + 1]), _mm512_castps_pd(t[i + 3])));
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        r[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
        r[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
        r[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

#else

constexpr int LANES = 8;
constexpr int REGISTERS = 16;

using Floats = __m256;
using Mask = __m256;  // all bits of a lane
// How many of the first lanes are there in memory.
using Part = int;

inline Part part(int64_t lanes) { return lanes >= LANES ? LANES : lanes <= 0 ? 0 : (Part)lanes; }

inline Floats spread(float value) { return _mm256_set1_ps(value); }
inline Floats load(const void* from) { return _mm256_loadu_ps((const float*)from); }
inline void store(void* to, Floats values) { _mm256_storeu_ps((float*)to, values); }
inline Floats load(const float* from, Part there) {
    if (there == LANES) return load(from);
    Floats values{};
    std::memcpy(&values, from, there * sizeof(float));
    return values;
}
inline void store(float* to, Floats values, Part there) {
    if (there == LANES) store(to, values);
    else std::memcpy(to, &values, there * sizeof(float));
}
// Each half to a place of its own.
inline void storeHalves(void* low, void* high, Floats values) {
    _mm_storeu_ps((float*)low, _mm256_castps256_ps128(values));
    _mm_storeu_ps((float*)high, _mm256_extractf128_ps(values, 1));
}

inline Floats larger(Floats a, Floats b) { return _mm256_max_ps(a, b); }
inline Floats smaller(Floats a, Floats b) { return _mm256_min_ps(a, b); }
inline Floats floorOf(Floats a) { return _mm256_floor_ps(a); }
inline Floats powerOf2(Floats whole) {
    return (Floats)_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(whole), _mm256_set1_epi32(127)), 23);
}
inline Floats absolute(Floats a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
inline Floats multiplyAdd(Floats a, Floats b, Floats sum) { return _mm256_fmadd_ps(a, b, sum); }
inline float largestOf(Floats a) {
    float largest = a[0];
    for (int i = 1; i < LANES; i++) largest = a[i] > largest ? a[i] : largest;
    return largest;
}
inline float sumOf(Floats a) { return ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7])); }
inline float first(Floats a) { return _mm256_cvtss_f32(a); }

inline Mask isGreater(Floats a, Floats b) { return _mm256_cmp_ps(a, b, _CMP_GT_OQ); }
inline Mask areAtLeast(const int32_t* numbers, int32_t least) {
    const __m256i less = _mm256_cmpgt_epi32(_mm256_set1_epi32(least), _mm256_loadu_si256((const __m256i*)numbers));
    return (Mask)_mm256_xor_si256(less, _mm256_set1_epi32(-1));
}
inline Mask firstOf(Part there) {
    return (Mask)_mm256_cmpgt_epi32(_mm256_set1_epi32(there), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
inline bool isAny(Mask mask) { return _mm256_movemask_ps(mask) != 0; }
inline Floats select(Mask mask, Floats yes, Floats no) { return _mm256_blendv_ps(no, yes, mask); }

inline Floats widened(const bf16* from, Part there) {
    __m128i numbers;
    if (there == LANES) {
        numbers = _mm_loadu_si128((const __m128i*)from);
    } else {
        numbers = _mm_setzero_si128();
        std::memcpy(&numbers, from, there * sizeof(bf16));
    }
    return (Floats)_mm256_slli_epi32(_mm256_cvtepu16_epi32(numbers), 16);
}

// To the nearest, to even between two.
inline void narrow(bf16* to, Floats values, Part there) {
    const __m256i bits = (__m256i)values;
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), odd);
    const Floats chosen = select(_mm256_cmp_ps(values, values, _CMP_ORD_Q), (Floats)rounded, (Floats)_mm256_set1_epi32(0x7fc00000));
    const __m256i numbers = _mm256_srli_epi32((__m256i)chosen, 16);
    const __m128i narrowed = _mm_packus_epi32(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
    if (there == LANES) _mm_storeu_si128((__m128i*)to, narrowed);
    else std::memcpy(to, &narrowed, there * sizeof(bf16));
}

// 2^x, to 9e-5 of itself: a cubic in the fraction, exactly 1 at 0, and 0 below 2^-126.
inline Floats exp2(Floats x) {
    x = _mm256_max_ps(spread(-127.0f), x);  // in this order NaN stays
    const Floats whole = floorOf(x);
    const Floats f = x - whole;
    Floats p = multiplyAdd(spread(0.07706713f), f, spread(0.22764488f));
    p = multiplyAdd(p, f, spread(0.69511682f));
    p = multiplyAdd(p, f, spread(1.0f));
    return p * powerOf2(whole);
}

// [LANES rows][LANES] to [LANES][LANES rows]
inline void transpose(Floats r[LANES]) {
    Floats t[LANES];
#pragma GCC unroll 4
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
        r[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
        r[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
        r[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        r[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        t[i] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x20);
        t[i + 4] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x31);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) r[i] = t[i];
}

#endif

// The same 4 bytes in every lane.
inline Floats spreadAt(const void* four) {
    float bits;
    std::memcpy(&bits, four, 4);
    return spread(bits);
}

// Numbers in bfloat16 are multiplied in units of 4 bytes: pairs of them where there is an instruction for it, else one as float32.
#ifdef __AVX512BF16__

constexpr int UNIT = 2;

inline Floats multiplyUnits(Floats a, Floats b, Floats sum) { return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b); }
inline Floats units(const bf16* from, Part there) { return _mm512_maskz_loadu_ps(there, from); }

// Two neighbours in bfloat16, in every lane.
inline __m512i pairOf(const bf16* row) { return (__m512i)spreadAt(row); }

#else

constexpr int UNIT = 1;

inline Floats multiplyUnits(Floats a, Floats b, Floats sum) { return multiplyAdd(a, b, sum); }
inline Floats units(const bf16* from, Part there) { return widened(from, there); }

#endif

}  // namespace ISA
}  // namespace sparkvlm
