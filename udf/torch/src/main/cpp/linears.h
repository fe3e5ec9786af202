// Products of rows in bfloat16 with weights in bfloat16, or of few bits.
#pragma once
#include <cstdint>

namespace sparkvlm {

using bf16 = uint16_t;

// How the weights of a panel lie, by how they are multiplied.
enum Layout : int64_t {
    CODES_8 = 0,     // a byte each, turned into bfloat16
    CODES_4 = 1,     // half a byte each, turned into bfloat16
    PRODUCTS_8 = 2,  // a byte each, multiplied with rows that are rounded to 8 bits
    NUMBERS_16 = 3,  // bfloat16
};

// Outputs whose weights lie together. What there is of weights, scales, zeros and sums is filled up to whole panels.
constexpr int PANEL = 32;
// The same of NUMBERS_16.
constexpr int WIDE = 64;

// Of a core's first cache, for data; 0 where it is not known.
extern const int64_t bytesOfL1;

// Below that, in weights times rows, starting threads costs more than they save.
constexpr int64_t WORK_OF_THREADS = 1 << 15;

// A weight is a number, or (code - zero) * scale. As Java writes it: addresses and numbers of 8 bytes.
struct Matrix {
    Layout layout;
    const uint8_t* packed;  // by panels, see pack; aligned to 64 bytes
    const float* scales;    // of codes: [panels, groups, PANEL]
    const int16_t* zeros;   // as the scales, or null; not for PRODUCTS_8
    const int32_t* sums;    // for PRODUCTS_8: of each output's codes, [panels, PANEL]
    const float* bias;      // [outputs] of NUMBERS_16, else [panels, PANEL]; or null
    int64_t outputs;
    int64_t inputs;         // even of NUMBERS_16
    int64_t group;          // inputs that share a scale: all, or a multiple of 32 up to MOST_GROUP that divides them
    int64_t threads;        // that share a product of enough work

    int64_t panels() const { return (outputs + PANEL - 1) / PANEL; }
    int64_t groups() const { return inputs / group; }
    // Inputs that a row of codes has, filled up with zeros to what 64 bytes hold at most.
    int64_t padded() const { return (inputs + 7) / 8 * 8; }
    int threadsFor(int64_t rows) const { return outputs * inputs * rows > WORK_OF_THREADS ? (int)threads : 1; }
};
static_assert(sizeof(Matrix) == 10 * sizeof(int64_t), "LinearKernels.Matrix");

// More inputs share a scale only if all do: what a thread turns at once lies in L2.
constexpr int64_t MOST_GROUP = 512;

// Brings codes, a byte each, [outputs, inputs], into the order of the layout. Those of 4 bits are -8 to 7.
void packCodes(const int8_t* codes, int64_t outputs, int64_t inputs, int64_t padded, Layout layout, uint8_t* packed, int threads);

// Brings [outputs, inputs] into the order of NUMBERS_16: [panels, inputs / 2, WIDE, 2].
void packNumbers(const bf16* weights, int64_t outputs, int64_t inputs, bf16* packed, int threads);

// [rows, inputs] to [rows, outputs]. A row's result depends on it alone. False if there is no memory for what is in between.
#define SPARKVLM_LINEARS(isa)                                                                        \
    namespace isa {                                                                                  \
    bool multiplyNumbers(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows);       \
    /* The same numbers, rounded to bfloat16 too, in float32. */                                     \
    bool multiplyNumbers(const Matrix& matrix, const bf16* input, float* output, int64_t rows);      \
    bool multiplyCodes(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows);         \
    }

// Of PRODUCTS_8; a row is rounded to 8 bits by a scale of its own.
#define SPARKVLM_ROUNDED(isa)                                                                        \
    namespace isa {                                                                                  \
    bool multiplyRounded(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows);       \
    }

SPARKVLM_LINEARS(avx2)
SPARKVLM_LINEARS(avx512)
SPARKVLM_LINEARS(avx512_bf16)
SPARKVLM_ROUNDED(avx2)
SPARKVLM_ROUNDED(avx512)
SPARKVLM_ROUNDED(avx512_vnni)

}  // namespace sparkvlm
