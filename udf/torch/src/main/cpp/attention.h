// Attention of packed sequences in bfloat16: what the kernels take, and what each instruction set provides.
#pragma once
#include <cstdint>

namespace sparkvlm {

using bf16 = uint16_t;

// Rows of heads: element (row, head, i) lies at data[row * rowStride + head * headStride + i].
template <typename T>
struct Heads {
    T* data;
    int64_t rowStride;
    int64_t headStride;
    T* at(int64_t row, int64_t head) const { return data + row * rowStride + head * headStride; }
};

// One sequence: queries are rows firstRow.. of the queries, and stand for its tokens context..context + rows.
// Its key of token t is the row that the block table says, or firstKey + t without one.
struct Sequence {
    int32_t firstRow;
    int32_t rows;
    int32_t context;
    int32_t firstKey;      // without block tables
    int32_t firstBlock;    // index into the block tables of all sequences
};

struct Attention {
    Heads<const bf16> queries;
    Heads<const bf16> keys;
    Heads<const bf16> values;
    Heads<bf16> attended;
    int keyValueHeads;
    int group;             // query heads of each key-value head
    int headSize;          // even
    const Sequence* sequences;
    int sequenceCount;
    const int32_t* blocks; // of all sequences, or null
    int blockSizeTokens;
    bool causal;
    int threads;
};

// Returns false when there was no memory.
namespace avx2 {
bool attend(const Attention& attention);
}
namespace avx512 {
bool attend(const Attention& attention);
}
namespace avx512_bf16 {
bool attend(const Attention& attention);
}

}  // namespace sparkvlm
