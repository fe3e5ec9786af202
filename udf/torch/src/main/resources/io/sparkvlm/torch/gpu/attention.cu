// Attention of sequences that add one token each, to keys and values where they lie in blocks of a cache: bfloat16, online
// softmax in float32 (Dao, "FlashAttention"; parts of long sequences side by side as in "Flash-Decoding"). Compiled for a
// HEAD_SIZE, a multiple of 8; a GROUP, the query heads that share a key-value head; and a BLOCK_TOKENS, the slots of a block.
//
// A sequence's result depends on it alone: where its parts begin does not depend on its neighbours.
#include "numbers.cuh"

using namespace sparkvlm;

constexpr int WARP = 32;
constexpr int WARPS = 8;
// Keys of a sequence that one block of threads goes through.
constexpr int KEYS_OF_PART = 512;
// Keys of which a thread reads its share at once, so that memory has enough to bring.
constexpr int AT_ONCE = 4;

__device__ constexpr int powerOfTwoFrom(int number) {
    int power = 1;
    while (power < number) power *= 2;
    return power;
}

// Threads that share a key, a pack each; those beyond the head have none.
constexpr int PACKS = HEAD_SIZE / PACK;
constexpr int LANES = powerOfTwoFrom(PACKS);
static_assert(HEAD_SIZE % PACK == 0 && LANES <= WARP, "head sizes are multiples of 8 up to 256");
constexpr int KEYS_OF_WARP = WARP / LANES;
constexpr int KEYS_OF_BLOCK = WARPS * KEYS_OF_WARP;

struct Sequence {
    int row;
    int tokens;      // its own, of this step, too; 0 where the row has no sequence
    int firstBlock;  // in the list of all sequences' blocks
    int firstPart;   // in the list of parts, where it has several
};

struct Decode {
    const bf16* queries;  // [rows, query heads, HEAD_SIZE]
    int64 queryStride;    // from a row to the next
    const uint4* keys;    // [key-value heads, slots, HEAD_SIZE]
    const uint4* values;
    int64 headStride;  // from a head to the next, in packs
    bf16* attended;    // as the queries; their rows are written
    int64 attendedStride;
    const Sequence* sequences;
    const int* blocks;
    float* parts;  // [parts, query heads, HEAD_SIZE + 2]: sums of values; largest score, sum of shares
    double scale;  // of scores, for powers of 2
};

__device__ inline int partsOf(const Sequence& sequence) { return (sequence.tokens + KEYS_OF_PART - 1) / KEYS_OF_PART; }

// How far along some keys a query head is.
struct Softmax {
    float largest;
    float shares;
    float values[PACK];
};

__device__ inline float minusInfinity() { return __uint_as_float(0xff800000u); }

__device__ inline float power(float score, float largest) { return largest == minusInfinity() ? 0.0f : exp2f(score - largest); }

// Both as if their keys had been one after the other.
__device__ inline void join(Softmax& softmax, float largest, float shares) {
    const float both = fmaxf(softmax.largest, largest);
    softmax.shares = softmax.shares * power(softmax.largest, both) + shares * power(largest, both);
    softmax.largest = both;
}

// A block is a part of a sequence and a key-value head; grid: [key-value heads, sequences, most parts].
extern "C" __global__ void __launch_bounds__(WARPS* WARP) attendToPart(const Decode of) {
    __shared__ float query[GROUP][LANES * PACK];
    __shared__ float joined[WARPS][GROUP][PACKS * PACK + 2];

    const Sequence sequence = of.sequences[blockIdx.y];
    const int parts = partsOf(sequence);
    const int part = blockIdx.z;
    if (part >= parts) return;
    const int head = blockIdx.x;
    const int start = part * KEYS_OF_PART;
    const int end = sequence.tokens - start < KEYS_OF_PART ? sequence.tokens : start + KEYS_OF_PART;

    const bf16* queries = of.queries + sequence.row * of.queryStride + (int64)head * GROUP * HEAD_SIZE;
    for (int i = threadIdx.x; i < GROUP * LANES * PACK; i += WARPS * WARP) {
        const int at = i % (LANES * PACK);
        query[i / (LANES * PACK)][at] =
            at < HEAD_SIZE ? widened(queries[i / (LANES * PACK) * HEAD_SIZE + at]) * (float)of.scale : 0.0f;
    }
    __syncthreads();

    const int warp = threadIdx.x / WARP;
    const int lane = threadIdx.x % LANES;
    const int own = warp * KEYS_OF_WARP + threadIdx.x % WARP / LANES;
    const uint4* keys = of.keys + head * of.headStride;
    const uint4* values = of.values + head * of.headStride;
    Softmax softmax[GROUP];
#pragma unroll
    for (int g = 0; g < GROUP; g++) {
        softmax[g].largest = minusInfinity();
        softmax[g].shares = 0;
#pragma unroll
        for (int j = 0; j < PACK; j++) softmax[g].values[j] = 0;
    }
    for (int first = start; first < end; first += AT_ONCE * KEYS_OF_BLOCK) {
        uint4 key[AT_ONCE];
        uint4 value[AT_ONCE];
        bool there[AT_ONCE];
#pragma unroll
        for (int u = 0; u < AT_ONCE; u++) {
            const int place = first + u * KEYS_OF_BLOCK + own;
            there[u] = place < end;
            key[u] = value[u] = make_uint4(0, 0, 0, 0);
            if (there[u] && lane < PACKS) {
                const int64 slot = (int64)of.blocks[sequence.firstBlock + place / BLOCK_TOKENS] * BLOCK_TOKENS + place % BLOCK_TOKENS;
                key[u] = keys[slot * PACKS + lane];
                value[u] = values[slot * PACKS + lane];
            }
        }
#pragma unroll
        for (int g = 0; g < GROUP; g++) {
            float scores[AT_ONCE];
            float largest = softmax[g].largest;
#pragma unroll
            for (int u = 0; u < AT_ONCE; u++) {
                const Pack numbers = widened(key[u]);
                float score = 0;
#pragma unroll
                for (int j = 0; j < PACK; j++) score += numbers.numbers[j] * query[g][lane * PACK + j];
#pragma unroll
                for (int other = LANES / 2; other > 0; other /= 2) score += __shfl_xor_sync(0xffffffffu, score, other);
                scores[u] = there[u] ? score : minusInfinity();
                largest = fmaxf(largest, scores[u]);
            }
            const float before = power(softmax[g].largest, largest);
            softmax[g].largest = largest;
            softmax[g].shares *= before;
#pragma unroll
            for (int j = 0; j < PACK; j++) softmax[g].values[j] *= before;
#pragma unroll
            for (int u = 0; u < AT_ONCE; u++) {
                const float share = power(scores[u], largest);
                const Pack numbers = widened(value[u]);
                softmax[g].shares += share;
#pragma unroll
                for (int j = 0; j < PACK; j++) softmax[g].values[j] += share * numbers.numbers[j];
            }
        }
    }

    // The keys of a warp, then those of the block.
#pragma unroll
    for (int g = 0; g < GROUP; g++) {
#pragma unroll
        for (int other = LANES; other < WARP; other *= 2) {
            const float mine = softmax[g].largest;
            const float theirs = __shfl_xor_sync(0xffffffffu, mine, other);
            join(softmax[g], theirs, __shfl_xor_sync(0xffffffffu, softmax[g].shares, other));
            const float before = power(mine, softmax[g].largest);
            const float their = power(theirs, softmax[g].largest);
#pragma unroll
            for (int j = 0; j < PACK; j++) {
                const float value = __shfl_xor_sync(0xffffffffu, softmax[g].values[j], other);
                softmax[g].values[j] = softmax[g].values[j] * before + value * their;
            }
        }
        if (threadIdx.x % WARP < PACKS) {
            float* to = joined[warp][g];
            if (lane == 0) {
                to[HEAD_SIZE] = softmax[g].largest;
                to[HEAD_SIZE + 1] = softmax[g].shares;
            }
#pragma unroll
            for (int j = 0; j < PACK; j++) to[lane * PACK + j] = softmax[g].values[j];
        }
    }
    __syncthreads();
    const int queryHeads = gridDim.x * GROUP;
    for (int i = threadIdx.x; i < GROUP * HEAD_SIZE; i += WARPS * WARP) {
        const int g = i / HEAD_SIZE;
        const int at = i % HEAD_SIZE;
        Softmax all = {minusInfinity(), 0, {}};
        for (int w = 0; w < WARPS; w++) join(all, joined[w][g][HEAD_SIZE], joined[w][g][HEAD_SIZE + 1]);
        float sum = 0;
        for (int w = 0; w < WARPS; w++) sum += joined[w][g][at] * power(joined[w][g][HEAD_SIZE], all.largest);
        if (parts == 1) {
            of.attended[sequence.row * of.attendedStride + (head * GROUP + g) * HEAD_SIZE + at] = rounded(sum / all.shares);
        } else {
            float* to = of.parts + ((int64)(sequence.firstPart + part) * queryHeads + head * GROUP + g) * (HEAD_SIZE + 2);
            to[at] = sum;
            if (at == 0) {
                to[HEAD_SIZE] = all.largest;
                to[HEAD_SIZE + 1] = all.shares;
            }
        }
    }
}

// Of sequences of several parts; a block is a query head of a sequence, grid: [query heads, sequences].
extern "C" __global__ void joinParts(const Decode of) {
    const Sequence sequence = of.sequences[blockIdx.y];
    const int parts = partsOf(sequence);
    if (parts <= 1) return;
    const float* from = of.parts + ((int64)sequence.firstPart * gridDim.x + blockIdx.x) * (HEAD_SIZE + 2);
    const int64 stride = (int64)gridDim.x * (HEAD_SIZE + 2);
    for (int at = threadIdx.x; at < HEAD_SIZE; at += blockDim.x) {
        Softmax all = {minusInfinity(), 0, {}};
        for (int part = 0; part < parts; part++) {
            const float* one = from + part * stride;
            join(all, one[HEAD_SIZE], one[HEAD_SIZE + 1]);
        }
        float sum = 0;
        for (int part = 0; part < parts; part++) {
            const float* one = from + part * stride;
            sum += one[at] * power(one[HEAD_SIZE], all.largest);
        }
        of.attended[sequence.row * of.attendedStride + blockIdx.x * HEAD_SIZE + at] = rounded(sum / all.shares);
    }
}
