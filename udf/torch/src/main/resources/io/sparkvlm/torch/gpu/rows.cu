// What layers do to each row by itself, in bfloat16: one pass over memory, computed in float32 and rounded once, as rows.h of
// the CPU. A kernel's one argument is written by Java: addresses and numbers of 8 bytes. Addresses are of whole packs.
#include "numbers.cuh"

using namespace sparkvlm;

constexpr int WARP = 32;

// What a step begins with: a token's embedding, the angles of its heads, and its slot. A block is a row.
struct Begin {
    const int* tokens;        // [rows]
    const float* positions;   // [rows, 3]: on the axes of time, height and width
    const int* slots;         // [rows]
    const uint4* embeddings;  // [vocabulary, width]
    const float* frequencies;  // [half a head]
    const int64* axes;         // [half a head]: the axis that each frequency follows
    uint4* hidden;             // [rows, width]
    float* cosines;            // [rows, half a head]
    float* sines;
    int64* slotsOfRows;  // [rows]
    int64 width;
    int64 half;
};

extern "C" __global__ void begin(const Begin of) {
    const int row = blockIdx.x;
    const int packs = (int)(of.width / PACK);
    const uint4* embedding = of.embeddings + (int64)of.tokens[row] * packs;
    for (int i = threadIdx.x; i < packs; i += blockDim.x) of.hidden[(int64)row * packs + i] = embedding[i];
    const int half = (int)of.half;
    for (int i = threadIdx.x; i < half; i += blockDim.x) {
        const float angle = of.positions[3 * row + of.axes[i]] * of.frequencies[i];
        of.cosines[(int64)row * half + i] = cosf(angle);
        of.sines[(int64)row * half + i] = sinf(angle);
    }
    if (threadIdx.x == 0) of.slotsOfRows[row] = of.slots[row];
}

// A row over its root mean square, times the weights. A block is a row.
struct Normalize {
    const uint4* input;  // [rows, width]
    const uint4* weight;
    uint4* output;
    int64 width;
    double epsilon;
};

extern "C" __global__ void normalize(const Normalize of) {
    __shared__ float sums[WARP];
    const int packs = (int)(of.width / PACK);
    const uint4* row = of.input + (int64)blockIdx.x * packs;
    float sum = 0;
    for (int i = threadIdx.x; i < packs; i += blockDim.x) {
        const Pack pack = widened(row[i]);
#pragma unroll
        for (int j = 0; j < PACK; j++) sum += pack.numbers[j] * pack.numbers[j];
    }
    for (int other = WARP / 2; other > 0; other /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, other);
    if (threadIdx.x % WARP == 0) sums[threadIdx.x / WARP] = sum;
    __syncthreads();
    float all = 0;
    for (unsigned warp = 0; warp < blockDim.x / WARP; warp++) all += sums[warp];
    const float scale = rsqrtf(all / (float)of.width + (float)of.epsilon);
    for (int i = threadIdx.x; i < packs; i += blockDim.x) {
        Pack pack = widened(row[i]);
        const Pack weight = widened(of.weight[i]);
#pragma unroll
        for (int j = 0; j < PACK; j++) pack.numbers[j] = pack.numbers[j] * scale * weight.numbers[j];
        of.output[(int64)blockIdx.x * packs + i] = rounded(pack);
    }
}

// Turns query and key heads, the pairs (x[i], x[i + half]) by a row's angle i, and brings keys and values to their slots of the
// cache. A block is a row.
struct TurnAndStore {
    bf16* heads;  // a row's side by side: query heads, key heads, value heads; query heads are turned in place
    const bf16* bias;  // added to each row before; or none
    int64 rowStride;
    int64 queryHeads;
    int64 keyValueHeads;  // 0: what is below the angles is not read
    int64 headSize;
    const float* cosines;  // [rows, half a head]
    const float* sines;
    const int64* slots;  // [rows]; below 0: the row has no sequence, and is left as it is
    bf16* keys;          // [key-value heads, slots, head size]
    bf16* values;
    int64 headStride;  // of keys and values
};

__device__ inline float biased(const TurnAndStore& of, const bf16* row, int at) {
    return of.bias == nullptr ? widened(row[at]) : widened(row[at]) + widened(of.bias[at]);
}

extern "C" __global__ void turnAndStore(const TurnAndStore of) {
    const int size = (int)of.headSize;
    const int half = size / 2;
    const int queries = (int)of.queryHeads;
    const int keyValues = (int)of.keyValueHeads;
    bf16* row = of.heads + (int64)blockIdx.x * of.rowStride;
    const float* cosines = of.cosines + (int64)blockIdx.x * half;
    const float* sines = of.sines + (int64)blockIdx.x * half;
    const int64 slot = keyValues > 0 ? of.slots[blockIdx.x] * size : 0;
    if (slot < 0) return;
    for (int i = threadIdx.x; i < (queries + keyValues) * half; i += blockDim.x) {
        const int head = i / half;
        const int pair = i % half;
        const int at = head * size + pair;
        const float first = biased(of, row, at);
        const float second = biased(of, row, at + half);
        bf16* to = head < queries ? row + head * size : of.keys + (head - queries) * of.headStride + slot;
        to[pair] = rounded(first * cosines[pair] - second * sines[pair]);
        to[pair + half] = rounded(second * cosines[pair] + first * sines[pair]);
    }
    const int values = (queries + keyValues) * size;
    for (int i = threadIdx.x; i < keyValues * size; i += blockDim.x) {
        of.values[i / size * of.headStride + slot + i % size] = rounded(biased(of, row, values + i));
    }
}

// The silu of the first half of each row times the second. A thread is a pack of the output.
struct Gate {
    const uint4* input;  // [rows, 2 x width]
    uint4* output;       // [rows, width]
    int64 rows;
    int64 width;
};

extern "C" __global__ void gate(const Gate of) {
    const int64 packs = of.width / PACK;
    const int64 i = (int64)blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= of.rows * packs) return;
    const int64 at = i / packs * 2 * packs + i % packs;
    Pack pack = widened(of.input[at]);
    const Pack up = widened(of.input[at + packs]);
#pragma unroll
    for (int j = 0; j < PACK; j++) pack.numbers[j] = pack.numbers[j] / (1 + expf(-pack.numbers[j])) * up.numbers[j];
    of.output[i] = rounded(pack);
}

// x sigmoid(1.702 x) in place. A thread is a pack.
struct QuickGelu {
    uint4* values;
    int64 packs;
};

extern "C" __global__ void quickGelu(const QuickGelu of) {
    const int64 i = (int64)blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= of.packs) return;
    Pack pack = widened(of.values[i]);
#pragma unroll
    for (int j = 0; j < PACK; j++) pack.numbers[j] = pack.numbers[j] / (1 + expf(-1.702f * pack.numbers[j]));
    of.values[i] = rounded(pack);
}
