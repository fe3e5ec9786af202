// Attention that keeps scores in registers and L1, by dot products of bfloat16 pairs.
//
// A work item of many queries is up to 32 queries of one key-value head, one in each lane of NV registers: heads that share keys lie side by
// side. Keys are broadcast to all lanes, so that a lane's largest score and its sum need no exchange between lanes, and what a
// lane computes does not depend on the others. A work item of one token is all heads that share keys, by another way.
#include <cstdlib>

#include "attention.h"
#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace {

constexpr int TILE = 8;             // keys, and dimensions of values, that are in registers at once: 8 x 2 accumulators
constexpr int KEYS = 128;           // of a block, whose shares and values lie in L1 and L2
constexpr int PAIRS = KEYS / 2;
constexpr int AHEAD = 16;           // keys: blocks of a cache lie anywhere, and processors fetch ahead inside a page only
constexpr int MAX_SIZE = 256;       // of a head
constexpr int MAX_GROUP = 8;        // heads that share keys, whose scores are in registers at once
constexpr int SPLIT_KEYS = 1024;    // a multiple of KEYS; of a lone group of queries, so that its keys are read by several threads
constexpr int64_t PACKED_BYTES = 8 << 20;  // keys and values that are packed at a time, for all threads
// A lane's base changes when a score is 2^8 times over it; shares up to that are as exact as those up to 1.
constexpr float GROWTH = 8.0f;
constexpr float NOTHING = -3.0e38f;  // finite, so that a difference of two is a number
constexpr float LOG2_E = 1.44269504f;

inline uint32_t pairAt(const bf16* p) {
    uint32_t pair;
    std::memcpy(&pair, p, 4);
    return pair;
}

// 2^x, to 9e-5 of itself: a cubic in the fraction, exactly 1 at 0.
inline __m512 exp2(__m512 x) {
    __m512 f = _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    __m512 p = _mm512_fmadd_ps(_mm512_set1_ps(0.07706713f), f, _mm512_set1_ps(0.22764488f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(0.69511682f));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(p, x);
}

// Lane i: bfloat16 of low[i] in the lower half, of high[i] in the upper.
inline __m512i pairs(__m512 low, __m512 high) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20,
                                           4, 19, 3, 18, 2, 17, 1, 16, 0);
    return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

// What a score is times, to be an exponent of 2.
inline __m512 unitOf(int headSize) { return _mm512_set1_ps(LOG2_E / __builtin_sqrtf((float)headSize)); }

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

// Values of a block as [dimension tile][key pair][dimension of the tile][key of the pair]; what is not there is 0.
void packValues(const Attention& a, int head, const Rows& rows, uint32_t* packed) {
    const int size = a.headSize;
    for (int pair = 0; pair < (rows.count + 1) / 2; pair++) {
        const bf16* low = a.values.at(rows.row[2 * pair], head);
        bool odd = 2 * pair + 1 == rows.count;
        const bf16* high = odd ? low : a.values.at(rows.row[2 * pair + 1], head);
        fetch(a.values.at(rows.row[2 * pair + AHEAD], head), size);
        fetch(a.values.at(rows.row[2 * pair + AHEAD + 1], head), size);
        for (int i = 0; i < size; i += LANES) {
            __mmask16 there = size - i >= LANES ? 0xffff : (1u << (size - i)) - 1;
            __m512i l = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there, low + i));
            __m512i h = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(odd ? 0 : there, high + i));
            __m512i both = _mm512_or_si512(l, _mm512_slli_epi32(h, 16));
            uint32_t* tile = packed + ((int64_t)(i / TILE) * PAIRS + pair) * TILE;
            _mm256_storeu_si256((__m256i*)tile, _mm512_castsi512_si256(both));
            if (i + TILE < size) _mm256_storeu_si256((__m256i*)(tile + PAIRS * TILE), _mm512_extracti64x4_epi64(both, 1));
        }
    }
}

// Numbers of 4 bytes that a block's values take, and after them its keys.
int64_t packedBlock(int headSize) { return (int64_t)padded(headSize) * PAIRS + (int64_t)headSize * PAIRS; }

void packKeys(const Attention& a, int head, const Rows& rows, uint32_t* packed) {
    bf16* to = (bf16*)(packed + (int64_t)padded(a.headSize) * PAIRS);
    for (int i = 0; i < rows.count; i++) {
        fetch(a.keys.at(rows.row[i + AHEAD], head), a.headSize);
        std::memcpy(to + (int64_t)i * a.headSize, a.keys.at(rows.row[i], head), sizeof(bf16) * a.headSize);
    }
}

// [16 rows][16] to [16][16 rows]
inline void transpose(__m512 r[16]) {
    __m512 t[16];
#pragma GCC unroll 8
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[i]), _mm512_castps_pd(t[i + 2])));
        r[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[i]), _mm512_castps_pd(t[i + 2])));
        r[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(t[i + 1]), _mm512_castps_pd(t[i + 3])));
        r[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(t[i + 1]), _mm512_castps_pd(t[i + 3])));
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        r[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
        r[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
        r[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

// Queries of one key-value head, each in a lane, and what they have attended to so far.
template <int NV>
struct Lanes {
    static constexpr int COUNT = NV * LANES;
    alignas(64) uint32_t queries[MAX_SIZE / 2][COUNT];
    alignas(64) float sums[MAX_SIZE][COUNT];  // of shares times values
    alignas(64) uint32_t shares[PAIRS][COUNT];
    alignas(64) int32_t last[COUNT];  // the last key that the lane sees
    __m512 base[NV];   // about the largest score
    __m512 total[NV];  // of shares
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
            base[v] = _mm512_set1_ps(NOTHING);
            total[v] = _mm512_setzero_ps();
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
        const int sizePairs = attention.headSize / 2;
        for (int v = 0; v < NV; v++) {
            const bf16* from[LANES];
            for (int i = 0; i < LANES; i++) {
                int lane = v * LANES + i;
                from[i] = lane < count ? attention.queries.at(row(lane), queryHead(lane)) : nullptr;
            }
            for (int p = 0; p < sizePairs; p += LANES) {
                __mmask16 there = sizePairs - p >= LANES ? 0xffff : (1u << (sizePairs - p)) - 1;
                __m512 r[LANES];
#pragma GCC unroll 16
                for (int i = 0; i < LANES; i++) {
                    r[i] = from[i] ? _mm512_maskz_loadu_ps(there, from[i] + 2 * p) : _mm512_setzero_ps();
                }
                transpose(r);
                int own = sizePairs - p < LANES ? sizePairs - p : LANES;
                for (int i = 0; i < own; i++) _mm512_store_ps(&queries[p + i][v * LANES], r[i]);
            }
        }
    }

    void attend(int from, int to, const uint32_t* packed, uint32_t* ownPacked) {
        const __m512 unit = unitOf(attention.headSize);
        const __m512 growth = _mm512_div_ps(_mm512_set1_ps(GROWTH), unit);
        Rows rows;
        for (int block = from; block < to; block += KEYS) {
            const uint32_t* values = ownPacked;
            const bf16* keys = nullptr;
            if (packed) {
                rows.count = to - block < KEYS ? to - block : KEYS;
                values = packed + block / KEYS * packedBlock(attention.headSize);
                keys = (const bf16*)(values + (int64_t)padded(attention.headSize) * PAIRS);
            } else {
                findRows(attention, sequence, block, to, rows);
                packValues(attention, head, rows, ownPacked);
            }
            int pending = 0;
            for (int key = 0; key < rows.count; key += TILE) {
                __m512 s[TILE][NV];
                scores(rows, keys, key, s);
                int left = rows.count - key;
                if (left < TILE || block + key + TILE > firstHidden) hide(block + key, left, s);
                __m512 largest[NV];
                __mmask16 grows[NV];
                unsigned any = 0;
#pragma GCC unroll 2
                for (int v = 0; v < NV; v++) {
                    __m512 a = _mm512_max_ps(_mm512_max_ps(s[0][v], s[1][v]), _mm512_max_ps(s[2][v], s[3][v]));
                    __m512 b = _mm512_max_ps(_mm512_max_ps(s[4][v], s[5][v]), _mm512_max_ps(s[6][v], s[7][v]));
                    largest[v] = _mm512_max_ps(a, b);
                    grows[v] = _mm512_cmp_ps_mask(largest[v], _mm512_add_ps(base[v], growth), _CMP_GT_OQ);
                    any |= grows[v];
                }
                if (__builtin_expect(any != 0, 0)) {
                    addValues(values, pending, key / 2);
                    pending = key / 2;
                    rebase(largest, grows, unit);
                }
#pragma GCC unroll 2
                for (int v = 0; v < NV; v++) {
                    __m512 sum = total[v];
#pragma GCC unroll 4
                    for (int i = 0; i < TILE; i += 2) {
                        // The difference first: that of large products would not be near 0 for the largest score.
                        __m512 low = exp2(_mm512_mul_ps(_mm512_sub_ps(s[i][v], base[v]), unit));
                        __m512 high = exp2(_mm512_mul_ps(_mm512_sub_ps(s[i + 1][v], base[v]), unit));
                        sum = _mm512_add_ps(sum, _mm512_add_ps(low, high));
                        _mm512_store_si512(&shares[(key + i) / 2][v * LANES], pairs(low, high));
                    }
                    total[v] = sum;
                }
            }
            addValues(values, pending, (rows.count + 1) / 2);
        }
    }

    inline void scores(const Rows& rows, const bf16* packedKeys, int key, __m512 s[TILE][NV]) {
        const bf16* k[TILE];
#pragma GCC unroll 8
        for (int i = 0; i < TILE; i++) {
            int own = key + i < rows.count ? key + i : rows.count - 1;
            if (packedKeys) {
                k[i] = packedKeys + (int64_t)own * attention.headSize;
            } else {
                k[i] = attention.keys.at(rows.row[own], head);
                fetch(attention.keys.at(rows.row[key + i + AHEAD], head), attention.headSize);
            }
#pragma GCC unroll 2
            for (int v = 0; v < NV; v++) s[i][v] = _mm512_setzero_ps();
        }
        const int sizePairs = attention.headSize / 2;
        for (int64_t p = 0; p < sizePairs; p++) {
            __m512bh q[NV];
#pragma GCC unroll 2
            for (int v = 0; v < NV; v++) q[v] = (__m512bh)_mm512_load_si512(&queries[p][v * LANES]);
#pragma GCC unroll 8
            for (int i = 0; i < TILE; i++) {
                __m512bh both = (__m512bh)_mm512_set1_epi32(pairAt(k[i] + 2 * p));
#pragma GCC unroll 2
                for (int v = 0; v < NV; v++) s[i][v] = _mm512_dpbf16_ps(s[i][v], both, q[v]);
            }
        }
    }

    __attribute__((noinline)) void hide(int key, int left, __m512 s[TILE][NV]) {
        for (int i = 0; i < TILE; i++) {
            for (int v = 0; v < NV; v++) {
                __mmask16 sees = _mm512_cmpge_epi32_mask(_mm512_load_si512(&last[v * LANES]), _mm512_set1_epi32(key + i));
                if (i >= left) sees = 0;
                s[i][v] = _mm512_mask_mov_ps(_mm512_set1_ps(-__builtin_inff()), sees, s[i][v]);
            }
        }
    }

    __attribute__((noinline)) void rebase(const __m512 largest[NV], const __mmask16 grows[NV], __m512 unit) {
        __m512 factor[NV];
        for (int v = 0; v < NV; v++) {
            __m512 next = _mm512_mask_mov_ps(base[v], grows[v], largest[v]);
            factor[v] = exp2(_mm512_mul_ps(_mm512_sub_ps(base[v], next), unit));
            total[v] = _mm512_mul_ps(total[v], factor[v]);
            base[v] = next;
        }
        for (int d = 0; d < attention.headSize; d++) {
            for (int v = 0; v < NV; v++) {
                __m512 sum = _mm512_load_ps(&sums[d][v * LANES]);
                _mm512_store_ps(&sums[d][v * LANES], _mm512_mul_ps(sum, factor[v]));
            }
        }
    }

    void addValues(const uint32_t* packed, int from, int to) {
        if (from == to) return;
        for (int d = 0; d < attention.headSize; d += TILE) {
            __m512 sum[TILE][NV];
#pragma GCC unroll 8
            for (int i = 0; i < TILE; i++) {
#pragma GCC unroll 2
                for (int v = 0; v < NV; v++) sum[i][v] = _mm512_load_ps(&sums[d + i][v * LANES]);
            }
            const uint32_t* values = packed + (int64_t)d * PAIRS;
            for (int64_t p = from; p < to; p++) {
                __m512bh share[NV];
#pragma GCC unroll 2
                for (int v = 0; v < NV; v++) share[v] = (__m512bh)_mm512_load_si512(&shares[p][v * LANES]);
#pragma GCC unroll 8
                for (int i = 0; i < TILE; i++) {
                    __m512bh both = (__m512bh)_mm512_set1_epi32(values[p * TILE + i]);
#pragma GCC unroll 2
                    for (int v = 0; v < NV; v++) sum[i][v] = _mm512_dpbf16_ps(sum[i][v], both, share[v]);
                }
            }
#pragma GCC unroll 8
            for (int i = 0; i < TILE; i++) {
#pragma GCC unroll 2
                for (int v = 0; v < NV; v++) _mm512_store_ps(&sums[d + i][v * LANES], sum[i][v]);
            }
        }
    }

    static int64_t partialFloats(int headSize) { return (int64_t)COUNT * (padded(headSize) + 2); }

    // Leaves what was attended to, for other lanes of the same queries.
    void leave(float* partial) const {
        for (int v = 0; v < NV; v++) {
            _mm512_storeu_ps(partial + v * LANES, base[v]);
            _mm512_storeu_ps(partial + COUNT + v * LANES, total[v]);
        }
        std::memcpy(partial + 2 * COUNT, sums, sizeof(float) * COUNT * attention.headSize);
    }

    void take(const float* partial) {
        const __m512 unit = unitOf(attention.headSize);
        for (int v = 0; v < NV; v++) {
            __m512 otherBase = _mm512_loadu_ps(partial + v * LANES);
            __m512 next = _mm512_max_ps(base[v], otherBase);
            __m512 factor = exp2(_mm512_mul_ps(_mm512_sub_ps(base[v], next), unit));
            __m512 otherFactor = exp2(_mm512_mul_ps(_mm512_sub_ps(otherBase, next), unit));
            base[v] = next;
            __m512 otherTotal = _mm512_loadu_ps(partial + COUNT + v * LANES);
            total[v] = _mm512_fmadd_ps(otherTotal, otherFactor, _mm512_mul_ps(total[v], factor));
            for (int d = 0; d < attention.headSize; d++) {
                __m512 sum = _mm512_mul_ps(_mm512_load_ps(&sums[d][v * LANES]), factor);
                __m512 other = _mm512_loadu_ps(partial + (2 + d) * COUNT + v * LANES);
                _mm512_store_ps(&sums[d][v * LANES], _mm512_fmadd_ps(other, otherFactor, sum));
            }
        }
    }

    void store() {
        for (int v = 0; v < NV; v++) {
            __m512 share = _mm512_div_ps(_mm512_set1_ps(1.0f), total[v]);
            int own = count - v * LANES < LANES ? count - v * LANES : LANES;
            for (int d = 0; d < attention.headSize; d += LANES) {
                int dims = attention.headSize - d < LANES ? attention.headSize - d : LANES;
                __m512 r[LANES];
#pragma GCC unroll 16
                for (int i = 0; i < LANES; i++) {
                    r[i] = i < dims ? _mm512_mul_ps(_mm512_load_ps(&sums[d + i][v * LANES]), share) : _mm512_setzero_ps();
                }
                transpose(r);
                __mmask16 there = (1u << dims) - 1;
                for (int i = 0; i < own; i++) {
                    int lane = v * LANES + i;
                    _mm256_mask_storeu_epi16(attention.attended.at(row(lane), queryHead(lane)) + d, there,
                                             (__m256i)_mm512_cvtneps_pbh(r[i]));
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
    static constexpr int WIDE = 24 / G;            // registers of sums for each head: 24 in all
    alignas(64) uint32_t queries[G][MAX_SIZE / 2];
    alignas(64) float sums[MAX_SIZE / LANES + WIDE][G][LANES];
    alignas(64) bf16 shares[G][KEYS];
    __m512 base[G];
    __m512 total[G];
    const Attention& attention;
    const Sequence& sequence;
    const int head;

    Group(const Attention& a, const Sequence& s, int head) : attention(a), sequence(s), head(head) {
        for (int g = 0; g < G; g++) {
            base[g] = _mm512_set1_ps(NOTHING);
            total[g] = _mm512_setzero_ps();
            std::memset(queries[g], 0, sizeof(queries[g]));
        }
        for (int g = 0; g < a.group; g++) {
            std::memcpy(queries[g], a.queries.at(s.firstRow, head * a.group + g), sizeof(bf16) * a.headSize);
        }
        std::memset(sums, 0, sizeof(sums));
    }

    void attend(int from, int to) {
        const __m512 unit = unitOf(attention.headSize);
        const __m512 growth = _mm512_div_ps(_mm512_set1_ps(GROWTH), unit);
        Rows rows;
        for (int block = from; block < to; block += KEYS) {
            findRows(attention, sequence, block, to, rows);
            int pending = 0;
            for (int key = 0; key < rows.count; key += STEP) {
                __m512 s[G];
                scores(rows, key, s);
                unsigned any = 0;
                __mmask16 there = rows.count - key >= STEP ? 0xffff : (1u << (rows.count - key)) - 1;
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) {
                    s[g] = _mm512_mask_mov_ps(_mm512_set1_ps(-__builtin_inff()), there, s[g]);
                    any |= _mm512_cmp_ps_mask(s[g], _mm512_add_ps(base[g], growth), _CMP_GT_OQ);
                }
                if (__builtin_expect(any != 0, 0)) {
                    addValues(rows, pending, key);
                    pending = key;
                    rebase(s, growth, unit);
                }
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) {
                    __m512 share = exp2(_mm512_mul_ps(_mm512_sub_ps(s[g], base[g]), unit));
                    total[g] = _mm512_add_ps(total[g], share);
                    _mm256_store_si256((__m256i*)&shares[g][key], (__m256i)_mm512_cvtneps_pbh(share));
                }
            }
            addValues(rows, pending, rows.count);
        }
    }

    inline void scores(const Rows& rows, int key, __m512 s[G]) {
        const int sizePairs = attention.headSize / 2;
        const bf16* k[STEP];
        const bf16* next[STEP];
        for (int i = 0; i < STEP; i++) {
            int own = key + i < rows.count ? key + i : rows.count - 1;
            k[i] = attention.keys.at(rows.row[own], head);
            next[i] = attention.keys.at(rows.row[key + i + AHEAD], head);
        }
#pragma GCC unroll 8
        for (int g = 0; g < G; g++) s[g] = _mm512_setzero_ps();
        for (int p = 0; p < sizePairs; p += LANES) {
            int left = sizePairs - p;
            __mmask16 there = left >= LANES ? 0xffff : (1u << left) - 1;
            __m512 r[STEP];
#pragma GCC unroll 16
            for (int i = 0; i < STEP; i++) {
                r[i] = _mm512_maskz_loadu_ps(there, k[i] + 2 * p);
                _mm_prefetch((const char*)(next[i] + 2 * p), _MM_HINT_T0);
            }
            transpose(r);
#pragma GCC unroll 16
            for (int i = 0; i < LANES; i++) {
                if (i >= left) break;
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) {
                    __m512bh query = (__m512bh)_mm512_set1_epi32(queries[g][p + i]);
                    s[g] = _mm512_dpbf16_ps(s[g], query, (__m512bh)r[i]);
                }
            }
        }
    }

    __attribute__((noinline)) void rebase(const __m512 s[G], __m512 growth, __m512 unit) {
        for (int g = 0; g < G; g++) {
            __m512 largest = _mm512_set1_ps(_mm512_reduce_max_ps(s[g]));
            __mmask16 grows = _mm512_cmp_ps_mask(largest, _mm512_add_ps(base[g], growth), _CMP_GT_OQ);
            __m512 next = _mm512_mask_mov_ps(base[g], grows, largest);
            __m512 factor = exp2(_mm512_mul_ps(_mm512_sub_ps(base[g], next), unit));
            base[g] = next;
            total[g] = _mm512_mul_ps(total[g], factor);
            for (int d = 0; d < attention.headSize; d += LANES) {
                float* sum = sums[d / LANES][g];
                _mm512_store_ps(sum, _mm512_mul_ps(_mm512_load_ps(sum), factor));
            }
        }
    }

    void addValues(const Rows& rows, int from, int to) {
        if (from == to) return;
        for (int d = 0; d < attention.headSize; d += WIDE * LANES) {
            __m512 sum[WIDE][G];
            __mmask16 there[WIDE];
#pragma GCC unroll 8
            for (int w = 0; w < WIDE; w++) {
                int left = attention.headSize - d - w * LANES;
                there[w] = left >= LANES ? 0xffff : left <= 0 ? 0 : (1u << left) - 1;
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) sum[w][g] = _mm512_load_ps(sums[d / LANES + w][g]);
            }
            for (int key = from; key < to; key += 2) {
                const bf16* low = attention.values.at(rows.row[key], head) + d;
                bool odd = key + 1 == to;
                const bf16* high = odd ? low : attention.values.at(rows.row[key + 1], head) + d;
                if (d == 0) {
                    fetch(attention.values.at(rows.row[key + AHEAD], head), attention.headSize);
                    fetch(attention.values.at(rows.row[key + AHEAD + 1], head), attention.headSize);
                }
#pragma GCC unroll 8
                for (int w = 0; w < WIDE; w++) {
                    __m512i l = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there[w], low + w * LANES));
                    __m512i h = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(odd ? 0 : there[w], high + w * LANES));
                    __m512bh both = (__m512bh)_mm512_or_si512(l, _mm512_slli_epi32(h, 16));
#pragma GCC unroll 8
                    for (int g = 0; g < G; g++) {
                        __m512bh share = (__m512bh)_mm512_set1_epi32(pairAt(&shares[g][key]));
                        sum[w][g] = _mm512_dpbf16_ps(sum[w][g], both, share);
                    }
                }
            }
#pragma GCC unroll 8
            for (int w = 0; w < WIDE; w++) {
#pragma GCC unroll 8
                for (int g = 0; g < G; g++) _mm512_store_ps(sums[d / LANES + w][g], sum[w][g]);
            }
        }
    }

    // For each head its base, its total, and its sums.
    static int64_t partialFloats(const Attention& a) { return (int64_t)a.group * (2 + padded(a.headSize)); }

    void leave(float* partial) const {
        for (int g = 0; g < attention.group; g++) {
            float* own = partial + g * (2 + padded(attention.headSize));
            own[0] = _mm512_cvtss_f32(base[g]);
            own[1] = _mm512_reduce_add_ps(total[g]);
            for (int d = 0; d < attention.headSize; d++) own[2 + d] = sums[d / LANES][g][d % LANES];
        }
    }

    static void join(const Attention& a, const Sequence& s, int head, const float* partials, int parts) {
        const int stride = 2 + padded(a.headSize);
        const float unit = _mm512_cvtss_f32(unitOf(a.headSize));
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
                float factor = _mm512_cvtss_f32(exp2(_mm512_set1_ps((own[0] - base) * unit)));
                total += own[1] * factor;
                for (int d = 0; d < a.headSize; d++) sum[d] += own[2 + d] * factor;
            }
            bf16* to = a.attended.at(s.firstRow, head * a.group + g);
            for (int d = 0; d < a.headSize; d += LANES) {
                int left = a.headSize - d;
                __mmask16 there = left >= LANES ? 0xffff : (1u << left) - 1;
                __m512 share = _mm512_div_ps(_mm512_load_ps(sum + d), _mm512_set1_ps(total));
                _mm256_mask_storeu_epi16(to + d, there, (__m256i)_mm512_cvtneps_pbh(share));
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

    bool lone() const { return lanes <= 2 * LANES; }
    bool single() const { return sequence->rows == 1 && lanes <= MAX_GROUP; }
    int blocks() const { return (keys + KEYS - 1) / KEYS; }
};

template <int NV>
void attendItem(const Attention& a, const Stream& stream, int first, int part, const uint32_t* packed, float* partials) {
    alignas(64) Lanes<NV> lanes(a, *stream.sequence, stream.head, first);
    alignas(64) uint32_t ownPacked[MAX_SIZE * PAIRS];
    int keys = lanes.keys();
    if (stream.partials < 0) {
        lanes.attend(0, keys, stream.packed < 0 ? nullptr : packed + stream.packed, ownPacked);
        lanes.store();
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
    lanes.store();
}

void attendItem(const Attention& a, const Stream& stream, int item, const uint32_t* packed, float* partials) {
    if (stream.single()) {
        attendGroup(a, stream, item, partials);
        return;
    }
    // Later queries of a causal sequence see more: they come first, so that threads end together.
    int first = stream.lone() ? 0 : (stream.items - 1 - item) * 2 * LANES;
    if (stream.lanes - first > LANES) {
        attendItem<2>(a, stream, first, item, packed, partials);
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
            stream.items = (stream.lanes + 2 * LANES - 1) / (2 * LANES);
            stream.packed = wave.packed;
            packed = stream.blocks() * packedBlock(a.headSize);
        } else if (stream.keys > SPLIT_KEYS) {
            stream.items = (stream.keys + SPLIT_KEYS - 1) / SPLIT_KEYS;
            stream.partials = wave.partials;
            partials = stream.items * Lanes<2>::partialFloats(a.headSize);
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
                joinParts<2>(a, streams[i], partials);
            } else {
                joinParts<1>(a, streams[i], partials);
            }
        }
    };
    if (wave.partials > 0) forEach(wave.streams, 1, a.threads, join);
}

}  // namespace

bool attendAvx512Bf16(const Attention& a) {
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
        void* room = std::aligned_alloc(64, (4 * (wave.packed + wave.partials) + 64) / 64 * 64);
        done = room != nullptr;
        if (done) {
            uint32_t* packed = (uint32_t*)room;
            attendWave(a, streams + first, wave, packed, (float*)(packed + wave.packed));
        }
        std::free(room);
        first += wave.streams;
    }
    std::free(streams);
    return done;
}

}  // namespace sparkvlm
