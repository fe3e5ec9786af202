// Products with weights of few bits, for avx512_bf16 and avx512_vbmi.
//
// Codes are integers that bfloat16 holds exactly. They are turned into it and multiplied as they are; a group's sum is then
// shifted by its zero and scaled. Each sum is taken in the order of the inputs, whatever the number of rows: a row's result
// depends on it alone. For few rows codes are turned where they are multiplied, for many a block at a time.
#include <cstdlib>

#include "linears.h"
#include "kept_memory.h"
#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace ISA {
namespace {

// Rows for which codes are turned where they are multiplied.
constexpr int FEW_ROWS = 8;
// Bytes of codes that memory is asked for before they are turned: what the processor foresees by itself comes too late.
constexpr int64_t AHEAD = 2048;
// With 4 vectors of outputs, as many as 32 registers have room for.
constexpr int ROWS_OF_TILE = 6;
// Rows whose sums one thread keeps: 128 KB, which with a block of codes lie in L2.
constexpr int64_t ROWS_OF_BLOCK = 512;

inline __m512 multiplied(__m512 sum, __m512i row, __m512i codes) {
    return _mm512_dpbf16_ps(sum, (__m512bh)row, (__m512bh)codes);
}

inline bf16 exactly(int code) {  // of an integer that bfloat16 holds
    float value = (float)code;
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    return (bf16)(bits >> 16);
}

// 64 bytes hold two pairs of inputs of 16 outputs, a byte each.
struct Bytes {
    static constexpr int PAIRS = 2;
    __m512i low[2], high[2], lowNegative[2], highNegative[2];

    Bytes() {
        alignas(64) uint8_t table[4][128];
        for (int i = 0; i < 128; i++) {
            table[0][i] = (uint8_t)exactly(i);
            table[1][i] = (uint8_t)(exactly(i) >> 8);
            table[2][i] = (uint8_t)exactly(i - 128);
            table[3][i] = (uint8_t)(exactly(i - 128) >> 8);
        }
        for (int half = 0; half < 2; half++) {
            low[half] = _mm512_load_si512(table[0] + 64 * half);
            high[half] = _mm512_load_si512(table[1] + 64 * half);
            lowNegative[half] = _mm512_load_si512(table[2] + 64 * half);
            highNegative[half] = _mm512_load_si512(table[3] + 64 * half);
        }
    }

    inline void turn(const uint8_t* chunk, __m512i* pairs) const {
        __m512i codes = _mm512_loadu_si512(chunk);
        __mmask64 negative = _mm512_movepi8_mask(codes);
        __m512i l = _mm512_mask_blend_epi8(negative, _mm512_permutex2var_epi8(low[0], codes, low[1]),
                                           _mm512_permutex2var_epi8(lowNegative[0], codes, lowNegative[1]));
        __m512i h = _mm512_mask_blend_epi8(negative, _mm512_permutex2var_epi8(high[0], codes, high[1]),
                                           _mm512_permutex2var_epi8(highNegative[0], codes, highNegative[1]));
        pairs[0] = _mm512_unpacklo_epi8(l, h);
        pairs[1] = _mm512_unpackhi_epi8(l, h);
    }
};

// 64 bytes hold four pairs of inputs of 16 outputs, 4 bits each.
struct HalfBytes {
    static constexpr int PAIRS = 4;
    __m512i values;  // twice: of an index the lowest 5 bits count, and ours has 4

    HalfBytes() {
        alignas(64) bf16 table[32];
        for (int i = 0; i < 32; i++) table[i] = exactly((i & 7) - (i & 8));
        values = _mm512_load_si512(table);
    }

    inline void turn(const uint8_t* chunk, __m512i* pairs) const {
        __m512i codes = _mm512_loadu_si512(chunk);
        pairs[0] = _mm512_permutexvar_epi16(codes, values);
        pairs[1] = _mm512_permutexvar_epi16(_mm512_srli_epi16(codes, 4), values);
        pairs[2] = _mm512_permutexvar_epi16(_mm512_srli_epi16(codes, 8), values);
        pairs[3] = _mm512_permutexvar_epi16(_mm512_srli_epi16(codes, 12), values);
    }
};

// What is between rows as they come and the products.
struct Rows {
    const bf16* data;   // [rows, stride]
    int64_t stride;
    const float* sums;  // of each group, [rows, groups], or null
};

// The weights of one panel.
struct Panel {
    const Matrix& weights;
    int64_t index;

    const float* scales(int64_t group) const { return weights.scales + (index * weights.groups() + group) * PANEL; }
    const int16_t* zeros(int64_t group) const { return weights.zeros + (index * weights.groups() + group) * PANEL; }

    // A group's sums to numbers, added to those of the groups before.
    inline __m512 scaled(int64_t group, int vector, __m512 sum, float rowSum, __m512 before) const {
        if (weights.zeros != nullptr) {
            __m256i zero = _mm256_loadu_si256((const __m256i*)(zeros(group) + vector * LANES));
            sum = _mm512_fnmadd_ps(_mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(zero)), _mm512_set1_ps(rowSum), sum);
        }
        return _mm512_fmadd_ps(_mm512_loadu_ps(scales(group) + vector * LANES), sum, before);
    }

    inline void store(bf16* row, int vector, __m512 result) const {
        int64_t first = index * PANEL + vector * LANES;
        int64_t left = weights.outputs - first;
        if (left <= 0) return;
        if (weights.bias != nullptr) result = _mm512_add_ps(result, _mm512_loadu_ps(weights.bias + first));
        __mmask16 there = left >= LANES ? 0xffff : (__mmask16)((1 << left) - 1);
        _mm256_mask_storeu_epi16(row + first, there, (__m256i)_mm512_cvtneps_pbh(result));
    }
};

template <typename Codes, int R, int P>
void multiplyFew(const Codes& turned, const Matrix& weights, const Rows& rows, int64_t firstPanel, bf16* output) {
    constexpr int V = 2 * P;
    const Codes codes = turned;
    const int64_t groups = weights.groups();
    const int64_t padded = weights.padded();
    const int64_t groupSize = weights.group < weights.inputs ? weights.group : padded;
    const int64_t panelBytes = padded / (2 * Codes::PAIRS) * 128;
    const uint8_t* chunk = weights.packed + firstPanel * panelBytes;
    __m512 totals[R][V];
    for (int r = 0; r < R; r++) {
        for (int v = 0; v < V; v++) totals[r][v] = _mm512_setzero_ps();
    }
    for (int64_t group = 0; group < groups; group++) {
        __m512 sums[R][V];
#pragma GCC unroll 8
        for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
            for (int v = 0; v < V; v++) sums[r][v] = _mm512_setzero_ps();
        }
        const bf16* row = rows.data + group * groupSize;
        for (int64_t input = 0; input < groupSize; input += 2 * Codes::PAIRS, chunk += 128, row += 2 * Codes::PAIRS) {
#pragma GCC unroll 4
            for (int v = 0; v < V; v++) {
                __m512i pairs[Codes::PAIRS];
                // Rows are read again for each vector: kept for all of them, they would leave sums no registers.
                if (Codes::PAIRS == 2 && R >= 4) asm volatile("" ::: "memory");
                const uint8_t* own = chunk + v / 2 * panelBytes + v % 2 * 64;
                _mm_prefetch((const char*)own + AHEAD, _MM_HINT_T0);
                codes.turn(own, pairs);
#pragma GCC unroll 4
                for (int i = 0; i < Codes::PAIRS; i++) {
#pragma GCC unroll 8
                    for (int r = 0; r < R; r++) sums[r][v] = multiplied(sums[r][v], pairOf(row + r * rows.stride + 2 * i), pairs[i]);
                }
            }
        }
        for (int r = 0; r < R; r++) {
            float rowSum = rows.sums == nullptr ? 0 : rows.sums[r * groups + group];
            for (int v = 0; v < V; v++) {
                totals[r][v] = Panel{weights, firstPanel + v / 2}.scaled(group, v % 2, sums[r][v], rowSum, totals[r][v]);
            }
        }
    }
    for (int r = 0; r < R; r++) {
        for (int v = 0; v < V; v++) Panel{weights, firstPanel + v / 2}.store(output + r * weights.outputs, v % 2, totals[r][v]);
    }
}

template <typename Codes>
void multiplyFew(const Codes& codes, const Matrix& weights, const Rows& rows, int64_t firstPanel, int panels, bf16* output, int count) {
    switch (count) {
#define CASE(R)                                                                              \
    case R:                                                                                  \
        if (panels == 2) return multiplyFew<Codes, R, 2>(codes, weights, rows, firstPanel, output); \
        return multiplyFew<Codes, R, 1>(codes, weights, rows, firstPanel, output);
        CASE(1) CASE(2) CASE(3)
#undef CASE
#define CASE(R) \
    case R: return multiplyFew<Codes, R, 1>(codes, weights, rows, firstPanel, output);
        CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
    }
}

template <typename Codes>
void multiplyFew(const Matrix& weights, const Rows& rows, bf16* output, int count) {
    const Codes codes;
    const int together = count <= 3 ? 2 : 1;
    const int64_t panels = weights.panels();
    const auto some = [&](int64_t first, int64_t end) {
        for (int64_t panel = first * together; panel < end * together && panel < panels; panel += together) {
            multiplyFew(codes, weights, rows, panel, panel + together <= panels ? together : 1, output, count);
        }
    };
    const int64_t items = (panels + together - 1) / together;
    forEach(items, weights.threadsFor(count), some);
}

// The sums of R rows go on with a block of two panels, whose pairs of inputs lie side by side.
template <int R>
void goOn(const __m512i* block, int64_t pairs, const bf16* row, int64_t stride, float* sums, bool fromNothing) {
    __m512 sum[R][4];
#pragma GCC unroll 6
    for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) sum[r][v] = fromNothing ? _mm512_setzero_ps() : _mm512_loadu_ps(sums + (r * 4 + v) * LANES);
    }
    for (int64_t pair = 0; pair < pairs; pair++) {
        __m512i codes[4] = {block[4 * pair], block[4 * pair + 1], block[4 * pair + 2], block[4 * pair + 3]};
#pragma GCC unroll 6
        for (int r = 0; r < R; r++) {
            __m512i input = pairOf(row + r * stride + 2 * pair);
#pragma GCC unroll 4
            for (int v = 0; v < 4; v++) sum[r][v] = multiplied(sum[r][v], input, codes[v]);
        }
    }
#pragma GCC unroll 6
    for (int r = 0; r < R; r++) {
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) _mm512_storeu_ps(sums + (r * 4 + v) * LANES, sum[r][v]);
    }
}

void goOn(int count, const __m512i* block, int64_t pairs, const bf16* row, int64_t stride, float* sums, bool fromNothing) {
    switch (count) {
        case 1: return goOn<1>(block, pairs, row, stride, sums, fromNothing);
        case 2: return goOn<2>(block, pairs, row, stride, sums, fromNothing);
        case 3: return goOn<3>(block, pairs, row, stride, sums, fromNothing);
        case 4: return goOn<4>(block, pairs, row, stride, sums, fromNothing);
        case 5: return goOn<5>(block, pairs, row, stride, sums, fromNothing);
        default: return goOn<6>(block, pairs, row, stride, sums, fromNothing);
    }
}

// Two panels, the second of which may be none, and a block of rows.
template <typename Codes>
void multiplyMany(const Codes& codes, const Matrix& weights, const Rows& rows, int64_t firstPanel, int64_t firstRow, int64_t count,
                  bf16* output, __m512i* block, float* totals) {
    const int64_t padded = weights.padded();
    const bool grouped = weights.group < weights.inputs;
    const int64_t blockSize = grouped ? weights.group : MOST_GROUP;
    const int64_t panelBytes = padded / (2 * Codes::PAIRS) * 128;
    const int panels = firstPanel + 1 < weights.panels() ? 2 : 1;
    const int64_t groups = weights.groups();
    float sums[ROWS_OF_TILE * 4 * LANES];
    if (grouped) std::memset(totals, 0, count * 4 * LANES * sizeof(float));
    for (int64_t first = 0; first < padded; first += blockSize) {
        const int64_t pairs = (first + blockSize <= padded ? blockSize : padded - first) / 2;
        for (int v = 0; v < 4; v++) {
            const int panel = v / 2 < panels ? v / 2 : 0;
            const uint8_t* chunk = weights.packed + (firstPanel + panel) * panelBytes + first / (2 * Codes::PAIRS) * 128 + v % 2 * 64;
            for (int64_t pair = 0; pair < pairs; pair += Codes::PAIRS, chunk += 128) {
                __m512i turned[Codes::PAIRS];
                codes.turn(chunk, turned);
                for (int i = 0; i < Codes::PAIRS; i++) block[4 * (pair + i) + v] = turned[i];
            }
        }
        for (int64_t r = 0; r < count; r += ROWS_OF_TILE) {
            const int tile = (int)(count - r < ROWS_OF_TILE ? count - r : ROWS_OF_TILE);
            const bf16* row = rows.data + (firstRow + r) * rows.stride + first;
            float* total = totals + r * 4 * LANES;
            if (!grouped) {
                goOn(tile, block, pairs, row, rows.stride, total, first == 0);
                continue;
            }
            const int64_t group = first / blockSize;
            goOn(tile, block, pairs, row, rows.stride, sums, true);
            for (int t = 0; t < tile; t++) {
                float rowSum = rows.sums == nullptr ? 0 : rows.sums[(firstRow + r + t) * groups + group];
                for (int v = 0; v < 2 * panels; v++) {
                    float* at = total + (t * 4 + v) * LANES;
                    __m512 sum = _mm512_loadu_ps(sums + (t * 4 + v) * LANES);
                    _mm512_storeu_ps(at, Panel{weights, firstPanel + v / 2}.scaled(group, v % 2, sum, rowSum, _mm512_loadu_ps(at)));
                }
            }
        }
    }
    for (int64_t r = 0; r < count; r++) {
        float rowSum = rows.sums == nullptr ? 0 : rows.sums[(firstRow + r) * groups];
        for (int v = 0; v < 2 * panels; v++) {
            const Panel panel{weights, firstPanel + v / 2};
            __m512 total = _mm512_loadu_ps(totals + (r * 4 + v) * LANES);
            if (!grouped) total = panel.scaled(0, v % 2, total, rowSum, _mm512_setzero_ps());
            panel.store(output + (firstRow + r) * weights.outputs, v % 2, total);
        }
    }
}

template <typename Codes>
bool multiplyMany(const Matrix& weights, const Rows& rows, bf16* output, int64_t count) {
    const Codes codes;
    const int64_t rowsOfBlock = count < ROWS_OF_BLOCK ? count : ROWS_OF_BLOCK;
    const int64_t blockBytes = MOST_GROUP / 2 * 4 * 64;
    const int64_t totalBytes = rowsOfBlock * 4 * LANES * (int64_t)sizeof(float);
    const int64_t panels = weights.panels();
    int failed = 0;
    const auto some = [&](int64_t from, int64_t end) {
        char* memory = (char*)std::aligned_alloc(64, blockBytes + totalBytes);
        if (memory == nullptr) {
            __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
            return;
        }
        for (int64_t pair = from; pair < end; pair++) {
            for (int64_t first = 0; first < count; first += rowsOfBlock) {
                multiplyMany(codes, weights, rows, 2 * pair, first, count - first < rowsOfBlock ? count - first : rowsOfBlock, output,
                             (__m512i*)memory, (float*)(memory + blockBytes));
            }
        }
        std::free(memory);
    };
    const int64_t pairs = (panels + 1) / 2;
    forEach(pairs, (int)weights.threads, some);
    return failed == 0;
}

float sumOf(const bf16* row, int64_t count) {
    const __m512i ones = _mm512_set1_epi16((short)exactly(1));
    __m512 sum = _mm512_setzero_ps();
    for (int64_t i = 0; i < count; i += 2 * LANES) {
        __mmask32 there = count - i >= 2 * LANES ? 0xffffffff : ((__mmask32)1 << (count - i)) - 1;
        sum = multiplied(sum, _mm512_maskz_loadu_epi16(there, row + i), ones);
    }
    return _mm512_reduce_add_ps(sum);
}

bool multiplyTurned(const Matrix& weights, const bf16* input, bf16* output, int64_t count) {
    const int64_t padded = weights.padded();
    const int64_t groups = weights.groups();
    const int64_t rowBytes = padded == weights.inputs ? 0 : padded * (int64_t)sizeof(bf16);
    const int64_t sumBytes = weights.zeros == nullptr ? 0 : groups * (int64_t)sizeof(float);
    const KeptMemory kept(KeptMemory::ROWS, count * (rowBytes + sumBytes));
    if (!kept.isThere()) return false;
    char* memory = kept.as<char>();
    Rows rows{input, weights.inputs, nullptr};
    if (rowBytes > 0) {
        std::memset(memory, 0, count * rowBytes);
        for (int64_t r = 0; r < count; r++) std::memcpy(memory + r * rowBytes, input + r * weights.inputs, weights.inputs * sizeof(bf16));
        rows.data = (const bf16*)memory;
        rows.stride = padded;
    }
    if (sumBytes > 0) {
        float* sums = (float*)(memory + count * rowBytes);
        const int64_t groupSize = padded / groups;
        const auto some = [&](int64_t first, int64_t end) {
            for (int64_t r = first; r < end; r++) {
                for (int64_t g = 0; g < groups; g++) sums[r * groups + g] = sumOf(rows.data + r * rows.stride + g * groupSize, groupSize);
            }
        };
        forEach(count, count * padded > WORK_OF_THREADS ? (int)weights.threads : 1, some);
        rows.sums = sums;
    }
    bool done = true;
    if (count <= FEW_ROWS) {
        if (weights.layout == CODES_8) multiplyFew<Bytes>(weights, rows, output, (int)count);
        else multiplyFew<HalfBytes>(weights, rows, output, (int)count);
    } else {
        done = weights.layout == CODES_8 ? multiplyMany<Bytes>(weights, rows, output, count)
                                         : multiplyMany<HalfBytes>(weights, rows, output, count);
    }
    return done;
}

}  // namespace

bool multiplyCodes(const Matrix& weights, const bf16* input, bf16* output, int64_t rows) {
    return rows == 0 || multiplyTurned(weights, input, output, rows);
}

}  // namespace ISA
}  // namespace sparkvlm
