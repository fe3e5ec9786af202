// Products of rows that are rounded to 8 bits with codes of 8 bits, in whole numbers. Compiled once for each instruction set, whose
// name ISA is: every one gives the same.
#include <cstdlib>

#include "linears.h"
#include "kept_memory.h"
#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace ISA {
namespace {

constexpr int ROWS_OF_TILE = 4;
// Of codes that lie together: with 4 rows as many accumulators, or half as many where there are 16 registers.
constexpr int VECTORS = 4;
constexpr int VECTORS_OF_PANEL = PANEL / LANES;

#ifdef __AVX512F__
using Integers = __m512i;
inline Integers integersAt(const void* from) { return _mm512_loadu_si512(from); }
inline Floats floats(Integers a) { return _mm512_cvtepi32_ps(a); }
inline Integers rounded(Floats a) { return _mm512_cvtps_epi32(a); }
#else
using Integers = __m256i;
inline Integers integersAt(const void* from) { return _mm256_loadu_si256((const __m256i*)from); }
inline Floats floats(Integers a) { return _mm256_cvtepi32_ps(a); }
inline Integers rounded(Floats a) { return _mm256_cvtps_epi32(a); }
#endif

#ifdef __AVX512VNNI__

// Bytes of codes + 128, which the instruction wants without a sign: 128 times a weight is taken from its sum at the end.
using Code = uint8_t;
constexpr int SHIFT = 128;

inline void storeFours(Code* to, Integers codes) {
    _mm_storeu_si128((__m128i*)to, _mm512_cvtepi32_epi8(_mm512_add_epi32(codes, _mm512_set1_epi32(SHIFT))));
}

// Four codes of a row, and of every output's weights.
struct Four {
    Integers all;
};
inline Four fourOf(const Code* row) { return {(Integers)spreadAt(row)}; }
inline Four weightsOf(const uint8_t* weights) { return {integersAt(weights)}; }
inline Integers multiplyAdd(Four row, Four weights, Integers sum) { return _mm512_dpbusd_epi32(sum, row.all, weights.all); }

#else

// Of four codes the first and third, then the second and fourth: pairs, as they are in words of a weight's four bytes.
using Code = int16_t;
constexpr int SHIFT = 0;

struct Four {
    Integers even;
    Integers odd;
};
inline Four fourOf(const Code* row) { return {(Integers)spreadAt(row), (Integers)spreadAt(row + 2)}; }

#ifdef __AVX512F__
inline void storeFours(Code* to, Integers codes) {
    const __m256i words = _mm512_cvtepi32_epi16(codes);
    _mm256_storeu_si256((__m256i*)to, _mm256_shufflehi_epi16(_mm256_shufflelo_epi16(words, 0xd8), 0xd8));
}
inline Four weightsOf(const uint8_t* weights) {
    const Integers fours = integersAt(weights);
    return {_mm512_srai_epi16(_mm512_slli_epi16(fours, 8), 8), _mm512_srai_epi16(fours, 8)};
}
inline Integers multiplyAdd(Four row, Four weights, Integers sum) {
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(row.even, weights.even));
    return _mm512_add_epi32(sum, _mm512_madd_epi16(row.odd, weights.odd));
}
#else
inline void storeFours(Code* to, Integers codes) {
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(codes), _mm256_extracti128_si256(codes, 1));
    _mm_storeu_si128((__m128i*)to, _mm_shufflehi_epi16(_mm_shufflelo_epi16(words, 0xd8), 0xd8));
}
inline Four weightsOf(const uint8_t* weights) {
    const Integers fours = integersAt(weights);
    return {_mm256_srai_epi16(_mm256_slli_epi16(fours, 8), 8), _mm256_srai_epi16(fours, 8)};
}
inline Integers multiplyAdd(Four row, Four weights, Integers sum) {
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(row.even, weights.even));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(row.odd, weights.odd));
}
#endif

#endif

// Rows of 8 bits: code * scale.
struct RoundedRows {
    Code* codes;  // [rows, stride]
    int64_t stride;
    float* scales;  // [rows]
};

void round(const bf16* row, int64_t inputs, RoundedRows to, int64_t index) {
    Floats most{};
    Floats noNumber{};  // NaN where a row has NaN or infinity, which no code stands for
    for (int64_t i = 0; i < inputs; i += LANES) {
        const Floats numbers = widened(row + i, part(inputs - i));
        most = larger(most, absolute(numbers));
        noNumber += numbers * Floats{};
    }
    const float largest = largestOf(most);
    const Floats inverse = spread(largest > 1e-36f ? 127.0f / largest : 0);  // of less it is infinite
    to.scales[index] = largest / 127.0f + sumOf(noNumber);
    for (int64_t i = 0; i < to.stride; i += LANES) {
        storeFours(to.codes + index * to.stride + i, rounded(widened(row + i, part(inputs - i)) * inverse));
    }
}

inline Integers minus(Integers a, Integers b) {
#ifdef __AVX512F__
    return _mm512_sub_epi32(a, b);
#else
    return _mm256_sub_epi32(a, b);
#endif
}

// So many rows with the vectors of codes from one on, which a number of panels have one after the other.
template <int R, int V>
void multiplyTile(const Matrix& matrix, const RoundedRows& rows, int64_t firstVector, int64_t firstRow, bf16* output) {
    const int64_t padded = matrix.padded();
    const uint8_t* weights[V];
    for (int v = 0; v < V; v++) {
        const int64_t vector = firstVector + v;
        weights[v] = matrix.packed + vector / VECTORS_OF_PANEL * padded * PANEL + vector % VECTORS_OF_PANEL * sizeof(Floats);
    }
    const Code* row = rows.codes + firstRow * rows.stride;
    Integers sums[R][V] = {};
    for (int64_t input = 0; input < padded; input += 4) {
        Four own[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) own[v] = weightsOf(weights[v] + input * PANEL);
#pragma GCC unroll 4
        for (int r = 0; r < R; r++) {
            const Four four = fourOf(row + r * rows.stride + input);
#pragma GCC unroll 4
            for (int v = 0; v < V; v++) sums[r][v] = multiplyAdd(four, own[v], sums[r][v]);
        }
    }
    for (int r = 0; r < R; r++) {
        for (int v = 0; v < V; v++) {
            const int64_t first = (firstVector + v) * LANES;
            if (first >= matrix.outputs) continue;
            Integers sum = sums[r][v];
            if (SHIFT != 0) {
                alignas(64) int32_t shift[LANES];
                for (int i = 0; i < LANES; i++) shift[i] = SHIFT * matrix.sums[first + i];
                sum = minus(sum, integersAt(shift));
            }
            Floats result = floats(sum) * (load(matrix.scales + first) * spread(rows.scales[firstRow + r]));
            if (matrix.bias != nullptr) result += load(matrix.bias + first);
            narrow(output + (firstRow + r) * matrix.outputs + first, result, part(matrix.outputs - first));
        }
    }
}

template <int R>
void multiplyTile(int vectors, const Matrix& matrix, const RoundedRows& rows, int64_t vector, int64_t row, bf16* output) {
    constexpr bool HALF = REGISTERS == 16 && R > 2;
    if (vectors == VECTORS && !HALF) return multiplyTile<R, VECTORS>(matrix, rows, vector, row, output);
    for (int v = 0; v < vectors; v += VECTORS / 2) multiplyTile<R, VECTORS / 2>(matrix, rows, vector + v, row, output);
}

void multiplyTile(int count, int vectors, const Matrix& matrix, const RoundedRows& rows, int64_t vector, int64_t row, bf16* output) {
    switch (count) {
        case 1: return multiplyTile<1>(vectors, matrix, rows, vector, row, output);
        case 2: return multiplyTile<2>(vectors, matrix, rows, vector, row, output);
        case 3: return multiplyTile<3>(vectors, matrix, rows, vector, row, output);
        default: return multiplyTile<4>(vectors, matrix, rows, vector, row, output);
    }
}

}  // namespace

bool multiplyRounded(const Matrix& matrix, const bf16* input, bf16* output, int64_t count) {
    const int64_t stride = (matrix.inputs + LANES - 1) / LANES * LANES;
    const KeptMemory kept(KeptMemory::ROWS, count * (stride * (int64_t)sizeof(Code) + (int64_t)sizeof(float)));
    if (!kept.isThere()) return false;
    char* memory = kept.as<char>();
    const RoundedRows rows{(Code*)(memory + count * sizeof(float)), stride, (float*)memory};
    const int threads = matrix.threadsFor(count);
    const auto someRows = [&](int64_t first, int64_t end) {
        for (int64_t r = first; r < end; r++) round(input + r * matrix.inputs, matrix.inputs, rows, r);
    };
    forEach(count, threads, someRows);
    const int64_t vectors = matrix.panels() * VECTORS_OF_PANEL;
    const auto some = [&](int64_t first, int64_t end) {
        for (int64_t vector = VECTORS * first; vector < VECTORS * end && vector < vectors; vector += VECTORS) {
            const int own = (int)(vectors - vector < VECTORS ? vectors - vector : VECTORS);
            for (int64_t r = 0; r < count; r += ROWS_OF_TILE) {
                const int tile = (int)(count - r < ROWS_OF_TILE ? count - r : ROWS_OF_TILE);
                multiplyTile(tile, own, matrix, rows, vector, r, output);
            }
        }
    };
    forEach((vectors + VECTORS - 1) / VECTORS, threads, some);
    return true;
}

}  // namespace ISA
}  // namespace sparkvlm
