// What the kernels for avx512 share.
#pragma once
#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace sparkvlm {

// float32 or int32 of a vector.
constexpr int LANES = 16;

// Two neighbours in bfloat16, in every lane.
inline __m512i pairOf(const uint16_t* row) {
    int32_t pair;
    std::memcpy(&pair, row, 4);
    return _mm512_set1_epi32(pair);
}

}  // namespace sparkvlm
