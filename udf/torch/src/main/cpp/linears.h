// Products of rows in bfloat16 with weights of few bits, or in bfloat16 too.
#pragma once
#include <cstdint>

namespace sparkvlm {

using bf16 = uint16_t;

// Outputs whose weights lie together. What there is of weights, scales and zeros is filled up to whole panels.
constexpr int PANEL = 32;

// How the codes of a panel lie, by how they are multiplied.
enum Layout {
    CODES_8 = 0,   // a byte each, turned into bfloat16
    CODES_4 = 1,   // half a byte each, turned into bfloat16
    PRODUCTS_8 = 2 // a byte each, multiplied with rows that are rounded to 8 bits
};

// A weight is (code - zero) * scale.
struct Weights {
    Layout layout;
    const uint8_t* codes;  // by panels, see pack
    const float* scales;   // [panels, groups, PANEL]
    const int16_t* zeros;  // as the scales, or null; not for PRODUCTS_8
    const int32_t* sums;   // for PRODUCTS_8: of each output's codes, [panels, PANEL]
    const float* bias;     // [panels, PANEL], or null
    int64_t outputs;
    int64_t inputs;
    int64_t group;         // inputs that share a scale: all, or a multiple of 32 up to MOST_GROUP that divides them
    int32_t threads;

    int64_t panels() const { return (outputs + PANEL - 1) / PANEL; }
    int64_t groups() const { return inputs / group; }
    // Inputs that a row of codes has, filled up with zeros to what 64 bytes hold at most.
    int64_t padded() const { return (inputs + 7) / 8 * 8; }
};

// More inputs share a scale only if all do: what a thread turns at once lies in L2.
constexpr int64_t MOST_GROUP = 512;

// Brings codes, a byte each, [outputs, inputs], into the order of the layout. Those of 4 bits are -8 to 7.
void pack(const int8_t* codes, int64_t outputs, int64_t inputs, int64_t padded, Layout layout, uint8_t* packed, int threads);

// [rows, inputs] to [rows, outputs]. A row's result depends on it alone. False if there is no memory for what is in between.
bool multiplyAvx512(const Weights& weights, const bf16* input, bf16* output, int64_t rows);

// Outputs whose weights in bfloat16 lie together.
constexpr int WIDE = 64;

// Weights in bfloat16.
struct WideMatrix {
    const bf16* packed;  // [panels, inputs / 2, WIDE, 2], aligned to 64 bytes, see packWide
    const float* bias;   // [outputs], or null
    int64_t outputs;
    int64_t inputs;      // even
    int32_t threads;
};

// Brings [outputs, inputs] into the order of WideMatrix, filled up with zeros.
void packWide(const bf16* weights, int64_t outputs, int64_t inputs, bf16* packed, int threads);

// As multiplyAvx512.
bool multiplyWide(const WideMatrix& matrix, const bf16* input, bf16* output, int64_t rows);

}  // namespace sparkvlm
