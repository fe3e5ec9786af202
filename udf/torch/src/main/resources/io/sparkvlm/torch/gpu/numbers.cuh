// bfloat16 in the kernels' own words, so that the compiler needs none of CUDA's headers.
#pragma once

namespace sparkvlm {

using bf16 = unsigned short;
using int64 = long long;

// Numbers of bfloat16 that a thread reads or writes at once.
constexpr int PACK = 8;

__device__ inline float widened(bf16 number) { return __uint_as_float((unsigned)number << 16); }

// To the nearest, of two as near to the even one; what is no number stays none.
__device__ inline bf16 rounded(float number) {
    unsigned bits = __float_as_uint(number);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return (bf16)(bits >> 16 | 0x40u);
    return (bf16)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

struct Pack {
    float numbers[PACK];
};

__device__ inline Pack widened(uint4 words) {
    const unsigned of[4] = {words.x, words.y, words.z, words.w};
    Pack pack;
#pragma unroll
    for (int i = 0; i < PACK / 2; i++) {
        pack.numbers[2 * i] = __uint_as_float(of[i] << 16);
        pack.numbers[2 * i + 1] = __uint_as_float(of[i] & 0xffff0000u);
    }
    return pack;
}

__device__ inline uint4 rounded(const Pack& pack) {
    unsigned of[4];
#pragma unroll
    for (int i = 0; i < PACK / 2; i++) {
        of[i] = (unsigned)rounded(pack.numbers[2 * i]) | (unsigned)rounded(pack.numbers[2 * i + 1]) << 16;
    }
    return make_uint4(of[0], of[1], of[2], of[3]);
}

}  // namespace sparkvlm
