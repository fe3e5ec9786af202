// The kernels by instruction set, and which set is in use.
#pragma once
#include <cstdint>

#include "attention.h"
#include "linears.h"
#include "rows.h"

namespace sparkvlm {

// In the order of what they ask of a processor; a set holds those before it. io.sparkvlm.torch.natives.InstructionSet.
enum InstructionSet : int32_t {
    NONE = 0,
    AVX2 = 1,         // x86-64-v3
    AVX512 = 2,       // x86-64-v4
    AVX512_VNNI = 3,
    AVX512_BF16 = 4,
};

struct Kernels {
    decltype(&avx2::normalize) normalize;
    decltype(&avx2::turn) turn;
    decltype(&avx2::gate) gate;
    decltype(&avx2::quickGelu) quickGelu;
    decltype(&avx2::largest) largest;
    decltype(&avx2::add) add;
    decltype(&avx2::attend) attend;
    bool (*multiplyNumbers)(const Matrix&, const bf16*, bf16*, int64_t);
    bool (*multiplyNumbersToFloats)(const Matrix&, const bf16*, float*, int64_t);
    decltype(&avx2::multiplyCodes) multiplyCodes;
    decltype(&avx2::multiplyRounded) multiplyRounded;

    bool multiply(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows) const {
        switch (matrix.layout) {
            case NUMBERS_16: return multiplyNumbers(matrix, input, output, rows);
            case PRODUCTS_8: return multiplyRounded(matrix, input, output, rows);
            default: return multiplyCodes(matrix, input, output, rows);
        }
    }
};

// The largest set that this processor has.
InstructionSet mostInstructions();

// The set whose kernels are the fastest on this processor.
InstructionSet fastestInstructions();

// Has calls from now on take the kernels of a set that the processor has.
void use(InstructionSet set);

// Of the set in use, or the fastest one.
const Kernels& kernels();

}  // namespace sparkvlm
