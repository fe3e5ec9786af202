// Attention that keeps scores in registers and L1. Compiled once for each instruction set, whose name ISA is.
//
// A work item of many queries is those of one key-value head, one in each lane of NV registers: heads that share keys lie side by
// side. Keys are broadcast to all lanes, so that a lane's largest score and its sum need no exchange between lanes, and what a
// lane computes does not depend on the others. A work item of one token is all heads that share keys, by another way.
#include "attention.h"

#include <cstdlib>

#include "kept_memory.h"
#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace ISA {
namespace {

constexpr int TILE = LANES / 2;      // keys, and dimensions of values, that are in registers at once
constexpr int VECTORS = REGISTERS == 32 ? 2 : 3;  // of queries that are in registers at once: with a tile 16 accumulators, or 12
constexpr int MOST_LANES = VECTORS * LANES;
constexpr int BLOCK = 64;            // units of keys, whose shares and values lie in L1 and L2
constexpr int KEYS = BLOCK * UNIT;
constexpr int AHEAD = 16;           // keys: blocks of a cache lie anywhere, and processors fetch ahead inside a page only
constexpr bool ASKS_AHEAD = UNIT == 1;  // memory for the next block that is packed: of pairs there is half as much
constexpr int MAX_SIZE = 256;       // of a head
constexpr int MAX_UNITS = MAX_SIZE / UNIT;
constexpr int MAX_GROUP = 8;        // heads that share keys, whose scores are in registers at once
constexpr int SPLIT_KEYS = 1024;    // a multiple of KEYS; of a lone group of queries, so that its keys are read by several threads
constexpr int64_t PACKED_BYTES = 8 << 20;  // keys and values that are packed at a time, for all threads
// A lane's base changes when a score is 2^8 times over it; shares up to that are as exact as those up to 1.
constexpr float GROWTH = 8.0f;
constexpr float NOTHING = -3.0e38f;  // finite, so that a difference of two is a number
constexpr float LOG2_E = 1.44269504f;

#ifdef __AVX512BF16__

// Lane i: bfloat16 of low[i] in the lower half, of high[i] in the upper.
inline void storeShares(uint32_t* to, Floats low, Floats high) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20,
                                           4, 19, 3, 18, 2, 17, 1, 16, 0);
    _mm512_store_si512(to, _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(high, low)));
}

// Of keys side by side.
inline void storeShares(uint32_t* to, Floats shares) { _mm256_store_si256((__m256i*)to, narrowed(shares)); }

// The same dimensions of two keys' values, as pairs.
inline Floats together(const bf16* low, const bf16* high, Part there, Part thereHigh) {
    __m512i l = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there, low));
    __m512i h = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(thereHigh, high));
    return (Floats)_mm512_or_si512(l, _mm512_slli_epi32(h, 16));
}

#else

inline void storeShares(uint32_t* to, Floats shares) { store(to, shares); }

#endif

// What a score is times, to be an exponent of 2.
inline float unitOf(int headSize) { return LOG2_E / __builtin_sqrtf((float)headSize); }

inline void fetch(const bf16* row, int size) {
    for (int i = 0; i < size; i += 32) _mm_prefetch((const char*)(row + i), _MM_HINT_T0);
}

int padded(int count) { return (count + TILE - 1) / TILE * TILE; }

// Where the keys of a block are, and those after it that are fetched meanwhile.
struct Rows {
    int32_t row[KEYS + AHEAD];
    int count;
};

// Of keys from..to, as many as a block has.
void findRows(const Attention& a, const Sequence& s, int from, int to, Rows& rows) {
    int left = to - from;
    rows.count = left < KEYS ? left : KEYS;
    int count = left < KEYS + AHEAD ? left : KEYS + AHEAD;
    for (int i = count; i < KEYS + AHEAD; i++) rows.row[i] = 0;
    if (!a.blocks) {
        for (int i = 0; i < count; i++) rows.row[i] = s.firstKey + from + i;
        return;
    }
    const int32_t* table = a.blocks + s.firstBlock;
    int block = from / a.blockSizeTokens;
    int inBlock = from % a.blockSizeTokens;
    for (int i = 0; i < count; i++) {
        rows.row[i] = table[block] * a.blockSizeTokens + inBlock;
        if (++inBlock == a.blockSizeTokens) {
            inBlock = 0;
            block++;
        }
    }
}

// Values of a block as [dimension tile][unit of keys][dimension of the tile]; what is not there is 0.
void packValues(const Attention& a, int head, const Rows& rows, uint32_t* packed) {
    const int size = a.headSize;
    for (int unit = 0; unit * UNIT < rows.count; unit++) {
        const bf16* low = a.values.at(rows.row[UNIT * unit], head);
        fetch(a.values.at(rows.row[UNIT * unit + AHEAD], head), size);
#ifdef __AVX512BF16__
        bool odd = 2 * unit + 1 == rows.count;
        const bf16* high = odd ? low : a.values.at(rows.row[2 * unit + 1], head);
        fetch(a.values.at(rows.row[2 * unit + AHEAD + 1], head), size);
#endif
        for (int i = 0; i < size; i += LANES) {
            const Part there = part(size - i);
#ifdef __AVX512BF16__
            const Floats values = together(low + i, high + i, there, odd ? 0 : there);
#else
            const Floats values = widened(low + i, there);
#endif
            uint32_t* tile = packed + ((int64_t)(i / TILE) * BLOCK + unit) * TILE;
            uint32_t nowhere[TILE];
            storeHalves(tile, i + TILE < size ? tile + BLOCK * TILE : nowhere, values);
        }
    }
}

// Numbers of 4 bytes that a block's values take, and after them its keys.
int64_t packedBlock(int headSize) { return (int64_t)padded(headSize) * BLOCK + (int64_t)headSize * BLOCK; }

void packKeys(const Attention& a, int head, const Rows& rows, uint32_t* packed) {
    const int units = a.headSize / UNIT;
    uint32_t* to = packed + (int64_t)padded(a.headSize) * BLOCK;
    for (int i = 0; i < rows.count; i++, to += units) {
        const bf16* key = a.keys.at(rows.row[i], head);
        fetch(a.keys.at(rows.row[i + AHEAD], head), a.headSize);
        if (UNIT == 2) std::memcpy(to, key, sizeof(bf16) * a.headSize);
        else for (int d = 0; d < units; d += LANES) store((float*)to + d, ISA::units(key + d * UNIT, part(units - d)), part(units - d));
    }
}

// Queries of one key-value head, each in a lane, and what they have attended to so far.
template <int NV>
struct Lanes {
    static constexpr int COUNT = NV * LANES;
    alignas(64) uint32_t queries[MAX_UNITS][COUNT];
    alignas(64) float sums[MAX_SIZE][COUNT];  // of shares times values
    alignas(64) uint32_t shares[BLOCK][COUNT];
    alignas(64) int32_t last[COUNT];  // the last key that the lane sees
    Floats base[NV];   // about the largest score
    Floats total[NV];  // of shares
    const Attention& attention;
    const Sequence& sequence;
    const int head;
    const int first;  // of the sequence's queries of this head, which are rows x group
    int count;
    int firstHidden;  // the first key that not all lanes see

    Lanes(const Attention& a, const Sequence& s, int head, int first)
        : attention(a), sequence(s), head(head), first(first) {
        count = s.rows * a.group - first;
        if (count > COUNT) count = COUNT;
        firstHidden = INT32_MAX;
        for (int lane = 0; lane < COUNT; lane++) {
            last[lane] = a.causal && lane < count ? s.context + (first + lane) / a.group : INT32_MAX;
            if (last[lane] < firstHidden) firstHidden = last[lane];
        }
        if (firstHidden < INT32_MAX) firstHidden++;
        for (int v = 0; v < NV; v++) {
            base[v] = spread(NOTHING);
            total[v] = Floats{};
        }
        std::memset(sums, 0, sizeof(float) * COUNT * padded(a.headSize));
        loadQueries();
    }

    // How many keys the lanes see together.
    int keys() const {
        int all = sequence.context + sequence.rows;
        return attention.causal ? last[count - 1] + 1 : all;
    }

    int64_t row(int lane) const { return sequence.firstRow + (first + lane) / attention.group; }
    int queryHead(int lane) const { return head * attention.group + (first + lane) % attention.group; }

    void loadQueries() {
        const int sizeUnits = attention.headSize / UNIT;
        for (int v = 0; v < NV; v++) {
            const bf16* from[LANES];
            for (int i = 0; i < LANES; i++) {
                int lane = v * LANES + i;
                from[i] = lane < count ? attention.queries.at(row(lane), queryHead(lane)) : nullptr;
            }
            for (int u = 0; u < sizeUnits; u += LANES) {
                const Part there = part(sizeUnits - u);
                Floats r[LANES];
#pragma GCC unroll 16
                for (int i = 0; i < LANES; i++) r[i] = from[i] ? units(from[i] + UNIT * u, there) : Floats{};
                transpose(r);
                int own = sizeUnits - u < LANES ? sizeUnits - u : LANES;
                for (int i = 0; i < own; i++) store(&queries[u + i][v * LANES], r[i]);
            }
        }
    }

    void attend(int from, int to, const uint32_t* packed, uint32_t* ownPacked) {
        const Floats unit = spread(unitOf(attention.headSize));
        const Floats growth = spread(GROWTH / unitOf(attention.headSize));
        Rows rows;
        for (int block = from; block < to; block += KEYS) {
            const uint32_t* values = ownPacked;
            const uint32_t* keys = nullptr;
            if (packed) {
                rows.count = to - block < KEYS ? to - block : KEYS;
                values = packed + block / KEYS * packedBlock(attention.headSize);
                keys = values + (int64_t)padded(attention.headSize) * BLOCK;
            } else {
                findRows(attention, sequence, block, to, rows);
                packValues(attention, head, rows, ownPacked);
                if (UNIT == 1) {  // pairs are read where they are
                    packKeys(attention, head, rows, ownPacked);
                    keys = ownPacked + (int64_t)padded(attention.headSize) * BLOCK;
                }
            }
            int pending = 0;
            for (int key = 0; key < rows.count; key += TILE) {
                Floats s[TILE][NV];
                scores(rows, keys, key, s);
                int left = rows.count - key;
                if (left < TILE || block + key + TILE > firstHidden) hide(block + key, left, s);
                Floats largest[NV];
                Mask grows[NV];
                bool any = false;
#pragma GCC unroll 3
                for (int v = 0; v < NV; v++) {
                    largest[v] = larger(s[0][v], s[1][v]);
#pragma GCC unroll 8
                    for (int i = 2; i < TILE; i++) largest[v] = larger(largest[v], s[i][v]);
                    grows[v] = isGreater(largest[v], base[v] + growth);
                    any |= isAny(grows[v]);
                }
                if (__builtin_expect(any, 0)) {
                    addValues(values, pending, key / UNIT);
                    pending = key / UNIT;
                    rebase(largest, grows, unit);
                }
#pragma GCC unroll 3
                for (int v = 0; v < NV; v++) {
                    Floats sum = total[v];
#pragma GCC unroll 4
                    for (int i = 0; i < TILE; i += 2) {
                        // The difference first: that of large products would not be near 0 for the largest score.
                        Floats low = exp2((s[i][v] - base[v]) * unit);
                        Floats high = exp2((s[i + 1][v] - base[v]) * unit);
                        sum += low + high;
                        uint32_t* to = &shares[(key + i) / UNIT][v * LANES];
#ifdef __AVX512BF16__
                        storeShares(to, low, high);
#else
                        storeShares(to, low);
                        storeShares(to + COUNT, high);
#endif
                    }
                    total[v] = sum;
                }
            }
            addValues(values, pending, (rows.count + UNIT - 1) / UNIT);
        }
    }

    inline void scores(const Rows& rows, const uint32_t* packedKeys, int key, Floats s[TILE][NV]) {
        const int sizeUnits = attention.headSize / UNIT;
        const uint32_t* k[TILE];
#pragma GCC unroll 8
        for (int i = 0; i < TILE; i++) {
            int own = key + i < rows.count ? key + i : rows.count - 1;
            if (packedKeys) {
                k[i] = packedKeys + (int64_t)own * sizeUnits;
            } else {
                k[i] = (const uint32_t*)attention.keys.at(rows.row[own], head);
                fetch(attention.keys.at(rows.row[key + i + AHEAD], head), attention.headSize);
            }
#pragma GCC unroll 3
            for (int v = 0; v < NV; v++) s[i][v] = Floats{};
        }
        const uint32_t* next = k[0] + packedBlock(attention.headSize);
        for (int64_t u = 0; u < sizeUnits; u++) {
            Floats q[NV];
#pragma GCC unroll 3
            for (int v = 0; v < NV; v++) q[v] = load(&queries[u][v * LANES]);
            if (ASKS_AHEAD) _mm_prefetch((const char*)(next + u * TILE), _MM_HINT_T0);
#pragma GCC unroll 8
            for (int i = 0; i < TILE; i++) {
                Floats own = spreadAt(k[i] + u);
#pragma GCC unroll 3
                for (int v = 0; v < NV; v++) s[i][v] = multiplyUnits(own, q[v], s[i][v]);
            }
        }
    }

    __attribute__((noinline)) void hide(int key, int left, Floats s[TILE][NV]) {
        for (int i = 0; i < TILE; i++) {
            for (int v = 0; v < NV; v++) {
                const Floats hidden = spread(-__builtin_inff());
                s[i][v] = i >= left ? hidden : select(areAtLeast(&last[v * LANES], key + i), s[i][v], hidden);
            }
        }
    }

    __attribute__((noinline)) void rebase(const Floats largest[NV], const Mask grows[NV], Floats unit) {
        Floats factor[NV];
        for (int v = 0; v < NV; v++) {
            Floats next = select(grows[v], largest[v], base[v]);
            factor[v] = exp2((base[v] - next) * unit);
            total[v] *= factor[v];
            base[v] = next;
        }
        for (int d = 0; d < attention.headSize; d++) {
            for (int v = 0; v < NV; v++) {
                store(&sums[d][v * LANES], load(&sums[d][v * LANES]) * factor[v]);
            }
        }
    }

    void addValues(const uint32_t* packed, int from, int to) {
        if (from == to) return;
        for (int d = 0; d < attention.headSize; d += TILE) {
            Floats sum[TILE][NV];
#pragma GCC unroll 8
            for (int i = 0; i < TILE; i++) {
#pragma GCC unroll 3
                for (int v = 0; v < NV; v++) sum[i][v] = load(&sums[d + i][v * LANES]);
            }
            const uint32_t* values = packed + (int64_t)d * BLOCK;
            for (int64_t u = from; u < to; u++) {
                Floats share[NV];
#pragma GCC unroll 3
                for (int v = 0; v < NV; v++) share[v] = load(&shares[u][v * LANES]);
                if (ASKS_AHEAD) _mm_prefetch((const char*)(values + u * TILE + packedBlock(attention.headSize)), _MM_HINT_T0);
#pragma GCC unroll 8
                for (int i = 0; i < TILE; i++) {
                    Floats own = spreadAt(values + u * TILE + i);
#pragma GCC unroll 3
                    for (int v = 0; v < NV; v++) sum[i][v] = multiplyUnits(own, share[v], sum[i][v]);
                }
            }
#pragma GCC unroll 8
            for (int i = 0; i < TILE; i++) {
#pragma GCC unroll 3
                for (int v = 0; v < NV; v++) store(&sums[d + i][v * LANES], sum[i][v]);
            }
        }
    }

    static int64_t partialFloats(int headSize) { return (int64_t)COUNT * (padded(headSize) + 2); }

    // Leaves what was attended to, for other lanes of the same queries.
    void leave(float* partial) const {
        for (int v = 0; v < NV; v++) {
            store(partial + v * LANES, base[v]);
            store(partial + COUNT + v * LANES, total[v]);
        }
        std::memcpy(partial + 2 * COUNT, sums, sizeof(float) * COUNT * attention.headSize);
    }

    void take(const float* partial) {
        const Floats unit = spread(unitOf(attention.headSize));
        for (int v = 0; v < NV; v++) {
            Floats otherBase = load(partial + v * LANES);
            Floats next = larger(base[v], otherBase);
            Floats factor = exp2((base[v] - next) * unit);
            Floats otherFactor = exp2((otherBase - next) * unit);
            base[v] = next;
            total[v] = multiplyAdd(load(partial + COUNT + v * LANES), otherFactor, total[v] * factor);
            for (int d = 0; d < attention.headSize; d++) {
                Floats sum = load(&sums[d][v * LANES]) * factor;
                Floats other = load(partial + (2 + d) * COUNT + v * LANES);
                store(&sums[d][v * LANES], multiplyAdd(other, otherFactor, sum));
            }
        }
    }

    void finish() {
        for (int v = 0; v < NV; v++) {
            Floats share = spread(1.0f) / total[v];
            int own = count - v * LANES < LANES ? count - v * LANES : LANES;
            for (int d = 0; d < attention.headSize; d += LANES) {
                int dims = attention.headSize - d < LANES ? attention.headSize - d : LANES;
                Floats r[LANES];
#pragma GCC unroll 16
                for (int i = 0; i < LANES; i++) r[i] = i < dims ? load(&sums[d + i][v * LANES]) * share : Floats{};
                transpose(r);
                const Part there = part(dims);
                for (int i = 0; i < own; i++) {
                    int lane = v * LANES + i;
                    narrow(attention.attended.at(row(lane), queryHead(lane)) + d, r[i], there);
                }
            }
        }
    }
};

// Up to G query heads of one key-value head, of one token: too few to fill lanes. Here scores have a key in each lane, and sums a
// dimension, so that keys and values are read in long runs and each is multiplied once for every head.
template <int G>
struct Group {
    static constexpr int STEP = LANES;             // keys at a time
    static constexpr int WIDE = REGISTERS * 3 / 4 / G;  // registers of sums for each head
    alignas(64) uint32_t queries[G][MAX_UNITS];
    alignas(64) float sums[MAX_SIZE / LANES + WIDE][G][LANES];
    alignas(64) uint32_t shares[G][BLOCK];
    Floats base[G];
    Floats total[G];
    const Attention& attention;
    const Sequence& sequence;
    const int head;

    Group(const Attention& a, const Sequence& s, int head) : attention(a), sequence(s), head(head) {
        for (int g = 0; g < G; g++) {
            base[g] = spread(NOTHING);
            total[g] = Floats{};
            std::memset(queries[g], 0, sizeof(queries[g]));
        }
        for (int g = 0; g < a.group; g++) {
            const bf16* from = a.queries.at(s.firstRow, head * a.group + g);
            const int sizeUnits = a.headSize / UNIT;
            for (int u = 0; u < sizeUnits; u += LANES) store(&queries[g][u], units(from + UNIT * u, part(sizeUnits - u)));
        }
        std::memset(sums, 0, sizeof(sums));
    }

    void attend(int from, int to) {
        const Floats unit = spread(unitOf(attention.headSize));
        const Floats growth = spread(GROWTH / unitOf(attention.headSize));
        Rows rows;
        for (int block = from; block < to; block += KEYS) {
            findRows(attention, sequence, block, to, rows);
            int pending = 0;
            for (int key = 0; key < rows.count; key += STEP) {
                Floats s[G];
                scores(rows, key, s);
                const Mask there = firstOf(part(rows.count - key));
                bool any = false;
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) {
                    s[g] = select(there, s[g], spread(-__builtin_inff()));
                    any |= isAny(isGreater(s[g], base[g] + growth));
                }
                if (__builtin_expect(any, 0)) {
                    addValues(rows, pending, key);
                    pending = key;
                    rebase(s, growth, unit);
                }
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) {
                    Floats share = exp2((s[g] - base[g]) * unit);
                    total[g] += share;
                    storeShares(&shares[g][key / UNIT], share);
                }
            }
            addValues(rows, pending, rows.count);
        }
    }

    inline void scores(const Rows& rows, int key, Floats s[G]) {
        const int sizeUnits = attention.headSize / UNIT;
        const bf16* k[STEP];
        const bf16* next[STEP];
        for (int i = 0; i < STEP; i++) {
            int own = key + i < rows.count ? key + i : rows.count - 1;
            k[i] = attention.keys.at(rows.row[own], head);
            next[i] = attention.keys.at(rows.row[key + i + AHEAD], head);
        }
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) s[g] = Floats{};
        for (int u = 0; u < sizeUnits; u += LANES) {
            int left = sizeUnits - u;
            const Part there = part(left);
            Floats r[STEP];
#pragma GCC unroll 16
            for (int i = 0; i < STEP; i++) {
                r[i] = units(k[i] + UNIT * u, there);
                _mm_prefetch((const char*)(next[i] + UNIT * u), _MM_HINT_T0);
            }
            transpose(r);
#pragma GCC unroll 16
            for (int i = 0; i < LANES; i++) {
                if (i >= left) break;
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) s[g] = multiplyUnits(spreadAt(&queries[g][u + i]), r[i], s[g]);
            }
        }
    }

    __attribute__((noinline)) void rebase(const Floats s[G], Floats growth, Floats unit) {
        for (int g = 0; g < G; g++) {
            Floats largest = spread(largestOf(s[g]));
            Floats next = select(isGreater(largest, base[g] + growth), largest, base[g]);
            Floats factor = exp2((base[g] - next) * unit);
            base[g] = next;
            total[g] *= factor;
            for (int d = 0; d < attention.headSize; d += LANES) {
                float* sum = sums[d / LANES][g];
                store(sum, load(sum) * factor);
            }
        }
    }

    void addValues(const Rows& rows, int from, int to) {
        if (from == to) return;
        for (int d = 0; d < attention.headSize; d += WIDE * LANES) {
            Floats sum[WIDE][G];
            Part there[WIDE];
#pragma GCC unroll 8
            for (int w = 0; w < WIDE; w++) {
                there[w] = part(attention.headSize - d - w * LANES);
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) sum[w][g] = load(sums[d / LANES + w][g]);
            }
            for (int key = from; key < to; key += UNIT) {
                const bf16* low = attention.values.at(rows.row[key], head) + d;
                if (d == 0) fetch(attention.values.at(rows.row[key + AHEAD], head), attention.headSize);
#ifdef __AVX512BF16__
                bool odd = key + 1 == to;
                const bf16* high = odd ? low : attention.values.at(rows.row[key + 1], head) + d;
                if (d == 0) fetch(attention.values.at(rows.row[key + AHEAD + 1], head), attention.headSize);
#endif
#pragma GCC unroll 8
                for (int w = 0; w < WIDE; w++) {
#ifdef __AVX512BF16__
                    const Floats own = together(low + w * LANES, high + w * LANES, there[w], odd ? 0 : there[w]);
#else
                    const Floats own = widened(low + w * LANES, there[w]);
#endif
#pragma GCC unroll 8
                    for (int g = 0; g < G; g++) sum[w][g] = multiplyUnits(own, spreadAt(&shares[g][key / UNIT]), sum[w][g]);
                }
            }
#pragma GCC unroll 8
            for (int w = 0; w < WIDE; w++) {
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) store(sums[d / LANES + w][g], sum[w][g]);
            }
        }
    }

    // For each head its base, its total, and its sums.
    static int64_t partialFloats(const Attention& a) { return (int64_t)a.group * (2 + padded(a.headSize)); }

    void leave(float* partial) const {
        for (int g = 0; g < attention.group; g++) {
            float* own = partial + g * (2 + padded(attention.headSize));
            own[0] = ISA::first(base[g]);
            own[1] = sumOf(total[g]);
            for (int d = 0; d < attention.headSize; d++) own[2 + d] = sums[d / LANES][g][d % LANES];
        }
    }

    static void join(const Attention& a, const Sequence& s, int head, const float* partials, int parts) {
        const int stride = 2 + padded(a.headSize);
        const float unit = unitOf(a.headSize);
        for (int g = 0; g < a.group; g++) {
            const float* first = partials + g * stride;
            float base = first[0];
            for (int part = 1; part < parts; part++) {
                float other = first[part * a.group * stride];
                if (other > base) base = other;
            }
            float total = 0;
            alignas(64) float sum[MAX_SIZE] = {};
            for (int part = 0; part < parts; part++) {
                const float* own = first + part * a.group * stride;
                float factor = ISA::first(exp2(spread((own[0] - base) * unit)));
                total += own[1] * factor;
                for (int d = 0; d < a.headSize; d++) sum[d] += own[2 + d] * factor;
            }
            bf16* to = a.attended.at(s.firstRow, head * a.group + g);
            for (int d = 0; d < a.headSize; d += LANES) {
                narrow(to + d, load(sum + d) / spread(total), part(a.headSize - d));
            }
        }
    }
};

// A sequence's queries of one key-value head.
struct Stream {
    const Sequence* sequence;
    int head;
    int keys;
    int lanes;
    int64_t packed;    // where its keys and values are packed, or -1: a lone item reads keys where they are and packs its own values
    int64_t partials;  // where the parts of a lone item leave what they have, or -1
    int items;

    bool lone() const { return lanes <= MOST_LANES; }
    bool single() const { return sequence->rows == 1 && lanes <= MAX_GROUP; }
    int blocks() const { return (keys + KEYS - 1) / KEYS; }
};

template <int NV>
void attendItem(const Attention& a, const Stream& stream, int first, int part, const uint32_t* packed, float* partials) {
    alignas(64) Lanes<NV> lanes(a, *stream.sequence, stream.head, first);
    alignas(64) uint32_t ownPacked[(UNIT == 1 ? 2 : 1) * MAX_SIZE * BLOCK];
    int keys = lanes.keys();
    if (stream.partials < 0) {
        lanes.attend(0, keys, stream.packed < 0 ? nullptr : packed + stream.packed, ownPacked);
        lanes.finish();
        return;
    }
    int from = part * SPLIT_KEYS;
    lanes.attend(from, keys - from < SPLIT_KEYS ? keys : from + SPLIT_KEYS, nullptr, ownPacked);
    lanes.leave(partials + stream.partials + part * Lanes<NV>::partialFloats(a.headSize));
}

template <int G>
void attendGroup(const Attention& a, const Stream& stream, int part, float* partials) {
    alignas(64) Group<G> group(a, *stream.sequence, stream.head);
    if (stream.partials < 0) {
        float alone[MAX_GROUP * (2 + MAX_SIZE)];
        group.attend(0, stream.keys);
        group.leave(alone);
        Group<G>::join(a, *stream.sequence, stream.head, alone, 1);
        return;
    }
    int from = part * SPLIT_KEYS;
    group.attend(from, stream.keys - from < SPLIT_KEYS ? stream.keys : from + SPLIT_KEYS);
    group.leave(partials + stream.partials + part * Group<G>::partialFloats(a));
}

void attendGroup(const Attention& a, const Stream& stream, int part, float* partials) {
    if (a.group <= 4) {
        attendGroup<4>(a, stream, part, partials);
    } else if (a.group <= 6) {
        attendGroup<6>(a, stream, part, partials);
    } else {
        attendGroup<MAX_GROUP>(a, stream, part, partials);
    }
}

template <int NV>
void joinParts(const Attention& a, const Stream& stream, const float* partials) {
    alignas(64) Lanes<NV> lanes(a, *stream.sequence, stream.head, 0);
    for (int part = 0; part < stream.items; part++) {
        lanes.take(partials + stream.partials + part * Lanes<NV>::partialFloats(a.headSize));
    }
    lanes.finish();
}

void attendItem(const Attention& a, const Stream& stream, int item, const uint32_t* packed, float* partials) {
    if (stream.single()) {
        attendGroup(a, stream, item, partials);
        return;
    }
    // Later queries of a causal sequence see more: they come first, so that threads end together.
    int first = stream.lone() ? 0 : (stream.items - 1 - item) * MOST_LANES;
    if (stream.lanes - first > LANES) {
        attendItem<VECTORS>(a, stream, first, item, packed, partials);
    } else {
        attendItem<1>(a, stream, first, item, packed, partials);
    }
}

// Streams whose packed values and parts have room at once.
struct Wave {
    int streams = 0;
    int items = 0;
    int packs = 0;
    int64_t packed = 0;    // uint32_t
    int64_t partials = 0;  // float
};

// Says where the streams from first on leave what, as far as there is room, or the first alone.
Wave plan(const Attention& a, Stream* first, int count) {
    Wave wave;
    for (; wave.streams < count; wave.streams++) {
        Stream& stream = first[wave.streams];
        stream.packed = stream.partials = -1;
        stream.items = 1;
        int64_t packed = 0;
        int64_t partials = 0;
        if (!stream.lone()) {
            stream.items = (stream.lanes + MOST_LANES - 1) / MOST_LANES;
            stream.packed = wave.packed;
            packed = stream.blocks() * packedBlock(a.headSize);
        } else if (stream.keys > SPLIT_KEYS) {
            stream.items = (stream.keys + SPLIT_KEYS - 1) / SPLIT_KEYS;
            stream.partials = wave.partials;
            partials = stream.items * Lanes<VECTORS>::partialFloats(a.headSize);
        }
        if (wave.streams > 0 && 4 * (wave.packed + packed + wave.partials + partials) > PACKED_BYTES) break;
        wave.packed += packed;
        wave.partials += partials;
        wave.items += stream.items;
        wave.packs += packed > 0 ? stream.blocks() : 0;
    }
    return wave;
}

void attendWave(const Attention& a, const Stream* streams, const Wave& wave, uint32_t* packed, float* partials) {
    const auto pack = [&](int64_t first, int64_t end) {
        for (int64_t item = first; item < end; item++) {
            const Stream* stream = streams;
            int block = (int)item;
            while (stream->packed < 0 || block >= stream->blocks()) block -= stream++->packed < 0 ? 0 : stream[-1].blocks();
            Rows rows;
            findRows(a, *stream->sequence, block * KEYS, stream->keys, rows);
            uint32_t* to = packed + stream->packed + block * packedBlock(a.headSize);
            packValues(a, stream->head, rows, to);
            packKeys(a, stream->head, rows, to);
        }
    };
    forEach(wave.packs, 8, a.threads, pack);
    const auto attend = [&](int64_t first, int64_t end) {
        for (int64_t item = first; item < end; item++) {
            const Stream* stream = streams;
            int own = (int)item;
            while (own >= stream->items) own -= stream++->items;
            attendItem(a, *stream, own, packed, partials);
        }
    };
    forEach(wave.items, 1, a.threads, attend);
    const auto join = [&](int64_t first, int64_t end) {
        for (int64_t i = first; i < end; i++) {
            if (streams[i].partials < 0) continue;
            if (streams[i].single()) {
                Group<MAX_GROUP>::join(a, *streams[i].sequence, streams[i].head, partials + streams[i].partials, streams[i].items);
            } else if (streams[i].lanes > LANES) {
                joinParts<VECTORS>(a, streams[i], partials);
            } else {
                joinParts<1>(a, streams[i], partials);
            }
        }
    };
    if (wave.partials > 0) forEach(wave.streams, 1, a.threads, join);
}

}  // namespace

bool attend(const Attention& a) {
    const int count = a.sequenceCount * a.keyValueHeads;
    Stream* streams = (Stream*)std::malloc(sizeof(Stream) * (count + 1));
    if (!streams) return false;
    int next = 0;
    for (int s = 0; s < a.sequenceCount; s++) {
        const Sequence& sequence = a.sequences[s];
        if (sequence.rows == 0) continue;
        for (int head = 0; head < a.keyValueHeads; head++) {
            streams[next++] = {&sequence, head, sequence.context + sequence.rows, sequence.rows * a.group, -1, -1, 1};
        }
    }
    bool done = true;
    for (int first = 0; first < next && done;) {
        Wave wave = plan(a, streams + first, next - first);
        const KeptMemory kept(KeptMemory::STREAMS, 4 * (wave.packed + wave.partials) + 64);
        done = kept.isThere();
        if (done) {
            uint32_t* packed = kept.as<uint32_t>();
            attendWave(a, streams + first, wave, packed, (float*)(packed + wave.packed));
        }
        first += wave.streams;
    }
    std::free(streams);
    return done;
}

}  // namespace ISA
}  // namespace sparkvlm
