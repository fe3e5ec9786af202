// Products with weights in bfloat16, for avx512_bf16.
//
// Weights lie in the order in which they are read, so that few rows take what memory gives: WIDE outputs side by side, pair of
// inputs after pair. Each sum is taken in the order of the inputs, whatever the number of rows: a row's result depends on it
// alone.
#include <cstdlib>

#include "linears.h"
#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace ISA {
namespace {

constexpr int VECTORS = WIDE / LANES;
// With 4 vectors of outputs, as many as 32 registers have room for.
constexpr int ROWS_OF_TILE = 6;
// Pairs of inputs whose weights, 256 KB, stay in L2 while one tile of rows after the other is multiplied with them.
constexpr int64_t PAIRS_OF_BLOCK = 1024;
// Rows whose sums one thread keeps: 128 KB.
constexpr int64_t ROWS_OF_BLOCK = 512;
// Of one tile, ahead of what it reads: hardware looks ahead no further than a page.
constexpr int64_t BYTES_AHEAD = 4096;
constexpr int64_t LINE = 64;
// Of a pair of inputs of a panel.
constexpr int LINES = WIDE * 4 / LINE;
// Some pairs of inputs of a panel, and where they are in a row.
struct Block {
    const bf16* weights;
    int64_t first;
    int64_t pairs;
};

// The sums of R rows, [R, WIDE], go on with a block. Meanwhile memory brings so many lines for each pair from an address on.
template <int R, int AHEAD>
void goOn(const Block& block, const char* ahead, const bf16* rows, int64_t stride, float* sums) {
    __m512 sum[R][VECTORS];
#pragma GCC unroll 6
    for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < VECTORS; v++) sum[r][v] = _mm512_loadu_ps(sums + r * WIDE + v * LANES);
    }
    const bf16* weights = block.weights;
    const bf16* row = rows + 2 * block.first;
    for (int64_t pair = 0; pair < block.pairs; pair++, weights += 2 * WIDE, row += 2, ahead += AHEAD * LINE) {
        __m512i vectors[VECTORS];
#pragma GCC unroll 4
        for (int v = 0; v < VECTORS; v++) vectors[v] = _mm512_load_si512(weights + 2 * v * LANES);
#pragma GCC unroll 4
        for (int line = 0; line < AHEAD; line++) _mm_prefetch(ahead + line * LINE, AHEAD == LINES ? _MM_HINT_T0 : _MM_HINT_T1);
#pragma GCC unroll 6
        for (int r = 0; r < R; r++) {
            __m512i input = pairOf(row + r * stride);
#pragma GCC unroll 4
            for (int v = 0; v < VECTORS; v++) sum[r][v] = _mm512_dpbf16_ps(sum[r][v], (__m512bh)input, (__m512bh)vectors[v]);
        }
    }
#pragma GCC unroll 6
    for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < VECTORS; v++) _mm512_storeu_ps(sums + r * WIDE + v * LANES, sum[r][v]);
    }
}

template <int R>
void goOn(int lines, const Block& block, const char* ahead, const bf16* rows, int64_t stride, float* sums) {
    switch (lines) {
        case 0: return goOn<R, 0>(block, ahead, rows, stride, sums);
        case 1: return goOn<R, 1>(block, ahead, rows, stride, sums);
        case 2: return goOn<R, 2>(block, ahead, rows, stride, sums);
        default: return goOn<R, LINES>(block, ahead, rows, stride, sums);
    }
}

void goOn(int count, int lines, const Block& block, const char* ahead, const bf16* rows, int64_t stride, float* sums) {
    switch (count) {
        case 1: return goOn<1>(lines, block, ahead, rows, stride, sums);
        case 2: return goOn<2>(lines, block, ahead, rows, stride, sums);
        case 3: return goOn<3>(lines, block, ahead, rows, stride, sums);
        case 4: return goOn<4>(lines, block, ahead, rows, stride, sums);
        case 5: return goOn<5>(lines, block, ahead, rows, stride, sums);
        default: return goOn<6>(lines, block, ahead, rows, stride, sums);
    }
}

inline void put(bf16* to, __mmask16 there, __m256i numbers) { _mm256_mask_storeu_epi16(to, there, numbers); }

inline void put(float* to, __mmask16 there, __m256i numbers) {
    _mm512_mask_storeu_epi32(to, there, _mm512_slli_epi32(_mm512_cvtepu16_epi32(numbers), 16));
}

template <typename Output>
void store(const Matrix& matrix, int64_t panel, const float* sums, Output* row) {
    for (int v = 0; v < VECTORS; v++) {
        int64_t first = panel * WIDE + v * LANES;
        int64_t left = matrix.outputs - first;
        if (left <= 0) return;
        __mmask16 there = left >= LANES ? 0xffff : (__mmask16)((1 << left) - 1);
        __m512 result = _mm512_loadu_ps(sums + v * LANES);
        if (matrix.bias != nullptr) result = _mm512_add_ps(result, _mm512_maskz_loadu_ps(there, matrix.bias + first));
        put(row + first, there, (__m256i)_mm512_cvtneps_pbh(result));
    }
}

template <typename Output>
void multiplyPanel(const Matrix& matrix, int64_t panel, const bf16* input, Output* output, int64_t count, float* sums) {
    const int64_t pairs = matrix.inputs / 2;
    const int64_t blocks = (pairs + PAIRS_OF_BLOCK - 1) / PAIRS_OF_BLOCK;
    const int64_t blockSize = (pairs + blocks - 1) / blocks;
    std::memset(sums, 0, count * WIDE * sizeof(float));
    for (int64_t first = 0; first < pairs; first += blockSize) {
        const int64_t left = pairs - first;
        const Block block{(const bf16*)matrix.packed + (panel * pairs + first) * 2 * WIDE, first, left < blockSize ? left : blockSize};
        // Tiles of like sizes: 8 rows as 4 and 4.
        const int64_t tiles = (count + ROWS_OF_TILE - 1) / ROWS_OF_TILE;
        // One tile waits for memory, and has it bring what it reads next; several share what the next block is.
        const int linesOfTile = (int)(tiles < LINES ? (LINES + tiles - 1) / tiles : 1);
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile * count / tiles;
            const int rows = (int)((tile + 1) * count / tiles - row);
            const int64_t start = tiles == 1 ? BYTES_AHEAD : (LINES + tile * linesOfTile) * LINE * block.pairs;
            const int lines = tile * linesOfTile < LINES ? linesOfTile : 0;
            goOn(rows, lines, block, (const char*)block.weights + start, input + row * matrix.inputs, matrix.inputs, sums + row * WIDE);
        }
    }
    for (int64_t r = 0; r < count; r++) store(matrix, panel, sums + r * WIDE, output + r * matrix.outputs);
}

template <typename Output>
bool multiplyAll(const Matrix& matrix, const bf16* input, Output* output, int64_t rows) {
    const int64_t panels = (matrix.outputs + WIDE - 1) / WIDE;
    const int64_t rowsOfBlock = rows < ROWS_OF_BLOCK ? rows : ROWS_OF_BLOCK;
    int failed = 0;
    const auto some = [&](int64_t from, int64_t end) {
        float* sums = (float*)std::aligned_alloc(64, rowsOfBlock * WIDE * sizeof(float));
        if (sums == nullptr) {
            __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
            return;
        }
        for (int64_t panel = from; panel < end; panel++) {
            for (int64_t first = 0; first < rows; first += rowsOfBlock) {
                const int64_t count = rows - first < rowsOfBlock ? rows - first : rowsOfBlock;
                multiplyPanel(matrix, panel, input + first * matrix.inputs, output + first * matrix.outputs, count, sums);
            }
        }
        std::free(sums);
    };
    forEach(panels, matrix.threadsFor(rows), some);
    return failed == 0;
}

}  // namespace

bool multiplyNumbers(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows) {
    return multiplyAll(matrix, input, output, rows);
}

bool multiplyNumbers(const Matrix& matrix, const bf16* input, float* output, int64_t rows) {
    return multiplyAll(matrix, input, output, rows);
}

}  // namespace ISA
}  // namespace sparkvlm
