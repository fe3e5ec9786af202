// What layers do to each row by itself, in bfloat16. The same source is compiled for each instruction set.
#pragma once
#include <cstdint>
#include <cstring>

namespace sparkvlm {

using bf16 = uint16_t;

// A row's sum is added up in as many parts, whatever the instruction set: equal rows have equal sums.
constexpr int PARTS = 16;

// Rows of heads, each of which is `size` numbers side by side: element (row, head, i) lies at data[row * rowStride + head * size + i].
struct RowsOfHeads {
    bf16* data;
    int64_t rows;
    int64_t rowStride;
    int32_t heads;
    int32_t size;
};

// Copies each row's heads to its slot of a cache [heads, slots, size].
inline void store(RowsOfHeads heads, const int64_t* slots, bf16* cache, int64_t headStride) {
    for (int64_t row = 0; row < heads.rows; row++) {
        for (int32_t head = 0; head < heads.heads; head++) {
            std::memcpy(cache + head * headStride + slots[row] * heads.size,
                        heads.data + row * heads.rowStride + (int64_t)head * heads.size, heads.size * sizeof(bf16));
        }
    }
}

#define SPARKVLM_ROWS(isa)                                                                                                      \
    namespace isa {                                                                                                             \
    /* Each row over its root mean square, times the weight; width is a multiple of PARTS. */                                   \
    void normalize(const bf16* input, const bf16* weight, bf16* output, int64_t rows, int64_t width, float epsilon, int threads); \
    /* Turns the pair (i, i + size / 2) of every head by the row's angle i; cosines and sines are [rows, size / 2]. */           \
    void turn(RowsOfHeads heads, const float* cosines, const float* sines, int threads);                                        \
    /* Of [rows, 2 x width]: silu of the first half times the second; [rows, width]. */                                         \
    void gate(const bf16* input, bf16* output, int64_t rows, int64_t width, int threads);                                       \
    /* x sigmoid(1.702 x), in place. */                                                                                         \
    void quickGelu(bf16* values, int64_t count, int threads);                                                                   \
    /* The largest number of each row and the first place that has it, or NaN and no word on the place; a multiple of PARTS wide. */ \
    void largest(const float* input, int64_t rows, int64_t width, float* values, int64_t* places, int threads);                 \
    /* Adds to the sums, in place. */                                                                                           \
    void add(const bf16* values, bf16* sums, int64_t count, int threads);                                                       \
    }

SPARKVLM_ROWS(avx2)
SPARKVLM_ROWS(avx512)

}  // namespace sparkvlm
