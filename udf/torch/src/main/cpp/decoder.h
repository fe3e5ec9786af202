// The layers of a language model in bfloat16, one after the other: what lies between two kernels stays in this library.
#pragma once
#include <cstdint>

#include "attention.h"
#include "linears.h"

namespace sparkvlm {

// One layer. As Java writes it, like all that has no pointer to it: addresses and numbers of 8 bytes.
struct Layer {
    const bf16* attentionNorm;
    Matrix queriesKeysValues;
    Matrix attentionOutput;
    const bf16* mlpNorm;
    Matrix gateAndUp;
    Matrix down;
};
static_assert(sizeof(Layer) == (2 + 4 * 10) * sizeof(int64_t), "DecoderKernels.Layer");

struct Decoder {
    const Layer* layers;
    int64_t count;  // of layers
    int64_t width;
    int64_t queryHeads;
    int64_t keyValueHeads;
    int64_t headSize;
    double epsilon;
    int64_t threads;
};
static_assert(sizeof(Decoder) == 8 * sizeof(int64_t), "DecoderKernels");

// A layer's keys and values, [key-value heads, slots, head size].
struct KeysAndValues {
    bf16* keys;
    bf16* values;
};

struct Cache {
    const KeysAndValues* layers;
    int64_t headStride;
};

struct Step {
    int64_t rows;
    const float* cosines;  // [rows, half a head]
    const float* sines;
    const int64_t* slots;  // [rows]: where each row's key and value go
    const Sequence* sequences;
    int32_t sequenceCount;
    const int32_t* blocks;
    int32_t blockSizeTokens;
    const int64_t* wanted;  // rows of which it is asked what the last layer makes of them, in rising order
    int64_t wantedCount;
};

// Adds all layers to the hidden states [rows, width]; of the wanted rows they come to be the first ones, the others are not what
// they should be: nothing follows the last layer that would read them. False if there is no memory for what is in between; none
// are what they should be then.
bool forward(const Decoder& decoder, const Cache& cache, const Step& step, bf16* hidden);

}  // namespace sparkvlm
