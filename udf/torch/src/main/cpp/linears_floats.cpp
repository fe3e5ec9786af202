// Products with weights in bfloat16, or with codes of 8 or 4 bits, in float32. Compiled once for each instruction set that has no
// products of bfloat16, whose name ISA is.
//
// Weights are turned into float32 where few rows are multiplied with them, and a block at a time for many rows. Each sum is taken in
// the order of the inputs, whatever the number of rows: a row's result depends on it alone.
#include <cstdlib>

#include "linears.h"
#include "kept_memory.h"
#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace ISA {
namespace {

// Of weights in float32.
constexpr int ROWS_OF_TILE = 6;
// Rows whose numbers and sums in float32 there are at once.
constexpr int64_t ROWS_OF_BLOCK = 88 * ROWS_OF_TILE;
// Of weights in float32 that are multiplied with one tile of rows after the other: they lie in L1, of 32 KB or of 48.
constexpr int64_t BYTES_OF_BLOCK = 16 << 10;
inline int timesAsWide() { return bytesOfL1 < 48 << 10 ? 1 : 2; }
// Of weights that memory is asked for before they are read: hardware looks ahead no further than a page.
constexpr int64_t AHEAD = 4096;
constexpr int LINE = 64;
// Of scales, likewise.
constexpr int64_t GROUPS_AHEAD = 4;

#ifdef __AVX512F__
using Bits = __m512i;
inline Bits bitsAt(const uint8_t* from) { return _mm512_load_si512(from); }
inline Bits both(Bits a, uint32_t mask) { return _mm512_and_si512(a, _mm512_set1_epi32(mask)); }
inline Bits left(Bits a, int count) { return _mm512_slli_epi32(a, count); }
inline Bits shuffled(Bits bytes, __m128i order) { return _mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(order)); }
inline Floats floats(Bits integers) { return _mm512_cvtepi32_ps(integers); }
inline Floats floats(const int16_t* integers) { return floats(_mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i*)integers))); }
#else
using Bits = __m256i;
inline Bits bitsAt(const uint8_t* from) { return _mm256_load_si256((const __m256i*)from); }
inline Bits both(Bits a, uint32_t mask) { return _mm256_and_si256(a, _mm256_set1_epi32(mask)); }
inline Bits left(Bits a, int count) { return _mm256_slli_epi32(a, count); }
inline Bits shuffled(Bits bytes, __m128i order) { return _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(order)); }
inline Floats floats(Bits integers) { return _mm256_cvtepi32_ps(integers); }
inline Floats floats(const int16_t* integers) { return floats(_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i*)integers))); }
#endif

// How the weights of a panel lie: step after step of some inputs of all its outputs, of which a vector's lie side by side in as
// many bytes as a vector has. `at` turns those of one input into float32, times 1 / UNIT_OF_CODE. ROWS are multiplied with them
// at once: of codes, which take longer to turn, more. For more than MOST_ROWS a block is turned once for all: before that, to turn
// it for each tile of rows costs less than to write and read it.

// NUMBERS_16: pairs of inputs.
struct Numbers {
    static constexpr int ROWS = ROWS_OF_TILE;
    static constexpr int64_t MOST_ROWS = 48;
    static constexpr int OUTPUTS = WIDE;
    static constexpr int INPUTS = 2;
    static inline Floats at(const uint8_t* step, int input) {
        return (Floats)(input == 0 ? left(bitsAt(step), 16) : both(bitsAt(step), 0xffff0000));
    }
};

// CODES_8: a lane of 16 bytes has four inputs of four outputs, which become the upper bytes of integers.
struct Bytes {
    static constexpr int ROWS = 8;
    static constexpr int64_t MOST_ROWS = 24;
    static constexpr int OUTPUTS = PANEL;
    static constexpr int INPUTS = 4;
    static constexpr float UNIT_OF_CODE = 1.0f / (1 << 24);
    static inline Floats at(const uint8_t* step, int input) {
        const char from = (char)(8 * (input / 2) + input % 2);
        const char no = -128;
        const __m128i order = _mm_setr_epi8(no, no, no, from, no, no, no, (char)(from + 2), no, no, no, (char)(from + 4), no, no, no,
                                            (char)(from + 6));
        return floats(shuffled(bitsAt(step), order));
    }
};

// CODES_4: eight inputs of an output in 4 bytes. With 16 lanes each is looked up, else it becomes the upper bits of an integer.
struct HalfBytes {
    static constexpr int ROWS = 8;
    static constexpr int64_t MOST_ROWS = 12;
    static constexpr int OUTPUTS = PANEL;
    static constexpr int INPUTS = 8;
    static constexpr int place(int input) { return 16 * (input % 2) + 8 * (input / 4) + 4 * (input / 2 % 2); }
#ifdef __AVX512F__
    static constexpr float UNIT_OF_CODE = 1.0f;
    static inline Floats at(const uint8_t* step, int input) {
        const Floats codes = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1);
        return _mm512_permutexvar_ps(_mm512_srli_epi32(bitsAt(step), place(input)), codes);  // of each lane the lowest 4 bits
    }
#else
    static constexpr float UNIT_OF_CODE = 1.0f / (1 << 28);
    static inline Floats at(const uint8_t* step, int input) {
        return floats(both(left(bitsAt(step), 28 - place(input)), 0xf0000000));
    }
#endif
};

// What one of these was turned into.
template <int N>
struct Turned {
    static constexpr int ROWS = ROWS_OF_TILE;
    static constexpr int OUTPUTS = N;
    static constexpr int INPUTS = 1;
    static inline Floats at(const uint8_t* step, int) { return load(step); }
};

template <class W>
constexpr int VECTORS = W::OUTPUTS / LANES;

template <class W>
constexpr int BYTES_OF_STEP = VECTORS<W> * (int)sizeof(Floats);

template <class W>
int64_t mostInputsOfBlock() {
    return timesAsWide() * BYTES_OF_BLOCK / (W::OUTPUTS * (int64_t)sizeof(float));
}

// So many that registers have room for the sums of these rows, and for weights, an input and a mask.
template <class W>
constexpr int vectorsFor(int rows) {
    int count = VECTORS<W>;
    while (rows > 1 && count * (rows + 1) + 2 > REGISTERS) count /= 2;
    return count;
}

struct Tile {
    const float* rows;  // [rows, inputs]
    int64_t inputs;
    float* sums;  // [rows, outputs of a panel]
    // Weights that memory is asked for meanwhile, so many bytes for each step.
    const uint8_t* next;
    int64_t part;
};

// The sums of R rows go on with some steps.
template <class W, int R>
void goOn(const uint8_t* weights, int64_t steps, const Tile& tile) {
    constexpr int V = vectorsFor<W>(R);
    constexpr bool FROM_MEMORY = W::INPUTS > 1;
    constexpr int64_t ROWS_OF_STEP = R * sizeof(float);
    const int64_t sumsOfStep = ROWS_OF_STEP * W::OUTPUTS * (W::OUTPUTS * (int64_t)sizeof(float)) / BYTES_OF_BLOCK / timesAsWide();
    for (int first = 0; first < VECTORS<W>; first += V) {
        Floats sum[R][V];
#pragma GCC unroll 8
        for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
            for (int v = 0; v < V; v++) sum[r][v] = load(tile.sums + r * W::OUTPUTS + (first + v) * LANES);
        }
        const uint8_t* step = weights + first * sizeof(Floats);
        const float* row = tile.rows;
        for (int64_t s = 0; s < steps; s++, step += BYTES_OF_STEP<W>, row += W::INPUTS) {
            if (FROM_MEMORY && first == 0) {
                const char* next = (const char*)tile.next + s * tile.part;
                _mm_prefetch(next, _MM_HINT_T0);
                if (BYTES_OF_STEP<W> > LINE && tile.part > LINE) _mm_prefetch(next + LINE, _MM_HINT_T0);
                if (BYTES_OF_STEP<W> > 2 * LINE && tile.part > 2 * LINE) {
                    _mm_prefetch(next + 2 * LINE, _MM_HINT_T0);
                    _mm_prefetch(next + 3 * LINE, _MM_HINT_T0);
                }
            }
            if (!FROM_MEMORY && first == 0) {
                // The next tile's rows and sums.
                _mm_prefetch((const char*)(tile.rows + R * tile.inputs) + s * ROWS_OF_STEP, _MM_HINT_T0);
                _mm_prefetch((const char*)(tile.sums + R * W::OUTPUTS) + s * sumsOfStep, _MM_HINT_T0);
            }
#pragma GCC unroll 8
            for (int i = 0; i < W::INPUTS; i++) {
                Floats weight[V];
#pragma GCC unroll 8
                for (int v = 0; v < V; v++) weight[v] = W::at(step + v * sizeof(Floats), i);
#pragma GCC unroll 8
                for (int r = 0; r < R; r++) {
                    const Floats input = spread(row[r * tile.inputs + i]);
#pragma GCC unroll 8
                    for (int v = 0; v < V; v++) sum[r][v] = multiplyAdd(weight[v], input, sum[r][v]);
                }
            }
        }
#pragma GCC unroll 8
        for (int r = 0; r < R; r++) {
#pragma GCC unroll 8
            for (int v = 0; v < V; v++) store(tile.sums + r * W::OUTPUTS + (first + v) * LANES, sum[r][v]);
        }
    }
}

template <class W>
void goOn(int rows, const uint8_t* weights, int64_t steps, const Tile& tile) {
    switch (rows) {
        case 1: return goOn<W, 1>(weights, steps, tile);
        case 2: return goOn<W, 2>(weights, steps, tile);
        case 3: return goOn<W, 3>(weights, steps, tile);
        case 4: return goOn<W, 4>(weights, steps, tile);
        case 5: return goOn<W, 5>(weights, steps, tile);
        case 6: return goOn<W, 6>(weights, steps, tile);
    }
    if constexpr (W::ROWS > 6) return rows == 7 ? goOn<W, 7>(weights, steps, tile) : goOn<W, 8>(weights, steps, tile);
}

template <class W>
void turn(const uint8_t* weights, int64_t steps, float* turned) {
    for (int64_t s = 0; s < steps; s++, weights += BYTES_OF_STEP<W>, turned += W::INPUTS * W::OUTPUTS) {
#pragma GCC unroll 8
        for (int i = 0; i < W::INPUTS; i++) {
#pragma GCC unroll 8
            for (int v = 0; v < VECTORS<W>; v++) store(turned + i * W::OUTPUTS + v * LANES, W::at(weights + v * sizeof(Floats), i));
        }
    }
}

// Rows in float32, filled up with zeros to the padded inputs.
struct Rows {
    int64_t count;
    int64_t inputs;  // padded
    int64_t group;   // inputs that share a scale
    float* numbers;  // of one block of inputs after the other, [count, inputs of the block]
    float* sums;     // of each group, [count, groups]

    int64_t groups() const { return inputs / group; }
    // Of the block of inputs from first on.
    float* of(int64_t first) const { return numbers + first * count; }
};

// What a thread works in, its own memory.
struct Room {
    float* turned;  // a block of weights
    float* sums;    // [rows, outputs of a panel]
    float* totals;  // the same, of all groups so far
};

// The inputs from first on that are multiplied with one tile of rows after the other.
template <class W>
int64_t inputsOfBlock(const Rows& rows, int64_t first) {
    const int64_t left = rows.group - first % rows.group;
    const int64_t most = mostInputsOfBlock<W>();
    return rows.count <= W::ROWS || left < most ? left : most;
}

// A part of the weights that are turned next.
inline void askFor(const uint8_t* from, const uint8_t* end) {
    for (; from < end; from += LINE) _mm_prefetch((const char*)from, _MM_HINT_T1);
}

// All sums go on with the inputs of a group, from first on.
template <class W>
void goOnWith(const uint8_t* weights, int64_t first, const Rows& rows, const Room& room) {
    const bool asTheyAre = rows.count <= W::MOST_ROWS;
    const int rowsOfTile = asTheyAre ? W::ROWS : ROWS_OF_TILE;
    const int64_t tiles = (rows.count + rowsOfTile - 1) / rowsOfTile;
    for (const int64_t end = first + rows.group; first < end;) {
        const int64_t inputs = inputsOfBlock<W>(rows, first);
        const uint8_t* block = weights + first / W::INPUTS * BYTES_OF_STEP<W>;
        const int64_t bytes = inputs / W::INPUTS * BYTES_OF_STEP<W>;
        if (!asTheyAre) turn<W>(block, inputs / W::INPUTS, room.turned);
        for (int64_t tile = 0; tile < tiles; tile++) {
            // Tiles of like sizes: 10 rows as 5 and 5.
            const int64_t row = tile * rows.count / tiles;
            const int count = (int)((tile + 1) * rows.count / tiles - row);
            // Each tile asks for its part of the next block, so that memory has no pause; a lone one for what it comes to soon.
            const uint8_t* next = tiles == 1 ? block + AHEAD : block + bytes + tile * bytes / tiles;
            const Tile of{rows.of(first) + row * inputs, inputs, room.sums + row * W::OUTPUTS, next, BYTES_OF_STEP<W> / tiles};
            if (asTheyAre) {
                goOn<W>(count, block, inputs / W::INPUTS, of);
            } else {
                askFor(block + bytes + tile * bytes / tiles, block + bytes + (tile + 1) * bytes / tiles);
                goOn<Turned<W::OUTPUTS>>(count, (const uint8_t*)room.turned, inputs, of);
            }
        }
        first += inputs;
    }
}

inline void put(bf16* to, Floats numbers, Part there) { narrow(to, numbers, there); }

inline void put(float* to, Floats numbers, Part there) {
    bf16 rounded[LANES];
    narrow(rounded, numbers, part(LANES));
    store(to, widened(rounded, part(LANES)), there);
}

// The result of a vector of outputs, from the first on, of a row.
template <typename Output>
inline void finish(const Matrix& matrix, int64_t first, Floats total, Output* output) {
    const Part there = part(matrix.outputs - first);
    if (matrix.outputs <= first) return;
    if (matrix.bias != nullptr) total += load(matrix.bias + first, there);
    put(output + first, total, there);
}

template <class W, typename Output>
void finish(const Matrix& matrix, int64_t panel, const float* totals, int64_t rows, Output* output) {
    for (int64_t r = 0; r < rows; r++) {
        for (int v = 0; v < VECTORS<W>; v++) {
            const Floats total = load(totals + r * W::OUTPUTS + v * LANES);
            finish(matrix, panel * W::OUTPUTS + v * LANES, total, output + r * matrix.outputs);
        }
    }
}

// A group's sums of a row, for the vector of outputs whose scales lie there, to numbers, added to those of the groups before.
template <class W>
inline Floats scaled(const Matrix& matrix, int64_t at, float rowSum, Floats sum, Floats total) {
    sum = sum * spread(W::UNIT_OF_CODE);
    if (matrix.zeros != nullptr) sum = multiplyAdd(floats(matrix.zeros + at), spread(-rowSum), sum);
    return multiplyAdd(load(matrix.scales + at), sum, total);
}

template <class W>
void scale(const Matrix& matrix, int64_t panel, int64_t group, const Rows& rows, const Room& room) {
    const int64_t at = (panel * rows.groups() + group) * PANEL;
    for (int64_t r = 0; r < rows.count; r++) {
        const float rowSum = matrix.zeros == nullptr ? 0 : rows.sums[r * rows.groups() + group];
        for (int v = 0; v < VECTORS<W>; v++) {
            float* total = room.totals + r * PANEL + v * LANES;
            const Floats sum = load(room.sums + r * PANEL + v * LANES);
            store(total, scaled<W>(matrix, at + v * LANES, rowSum, sum, load(total)));
        }
    }
}

// A row's products with P panels of codes at once, whose sums stay in registers: so many that none waits for the one before.
template <class W, int P, typename Output>
void multiplyRow(const Matrix& matrix, int64_t panel, const Rows& row, Output* output) {
    constexpr int V = VECTORS<W>;
    const int64_t panelBytes = row.inputs / W::INPUTS * BYTES_OF_STEP<W>;
    const uint8_t* step = matrix.packed + panel * panelBytes;
    const float* input = row.numbers;
    Floats total[P][V]{};
    const uint8_t* last = step + panelBytes - AHEAD;
    for (int64_t group = 0; group < row.groups(); group++) {
        Floats sum[P][V]{};
        for (int64_t s = 0; s < row.group / W::INPUTS; s++, step += BYTES_OF_STEP<W>, input += W::INPUTS) {
            // After the end of these panels come the next ones.
            const int64_t ahead = step < last ? AHEAD : AHEAD + (P - 1) * panelBytes;
#pragma GCC unroll 4
            for (int p = 0; p < P; p++) {
#pragma GCC unroll 4
                for (int line = 0; line < BYTES_OF_STEP<W>; line += LINE) _mm_prefetch((const char*)step + p * panelBytes + ahead + line, _MM_HINT_T0);
            }
#pragma GCC unroll 8
            for (int i = 0; i < W::INPUTS; i++) {
                const Floats spreadInput = spread(input[i]);
#pragma GCC unroll 4
                for (int p = 0; p < P; p++) {
#pragma GCC unroll 8
                    for (int v = 0; v < V; v++) {
                        sum[p][v] = multiplyAdd(W::at(step + p * panelBytes + v * sizeof(Floats), i), spreadInput, sum[p][v]);
                    }
                }
            }
        }
        const float rowSum = matrix.zeros == nullptr ? 0 : row.sums[group];
#pragma GCC unroll 4
        for (int p = 0; p < P; p++) {
#pragma GCC unroll 8
            for (int v = 0; v < V; v++) {
                const int64_t at = ((panel + p) * row.groups() + group) * PANEL + v * LANES;
                _mm_prefetch((const char*)(matrix.scales + at + GROUPS_AHEAD * PANEL), _MM_HINT_T0);
                total[p][v] = scaled<W>(matrix, at, rowSum, sum[p][v], total[p][v]);
            }
        }
    }
    for (int p = 0; p < P; p++) {
        for (int v = 0; v < V; v++) finish(matrix, (panel + p) * PANEL + v * LANES, total[p][v], output);
    }
}

template <class W, typename Output>
void multiplyRow(const Matrix& matrix, const Rows& row, Output* output) {
    constexpr int TOGETHER = 8 / VECTORS<W>;
    const auto some = [&](int64_t panel, int64_t end) {
        for (; panel + TOGETHER <= end; panel += TOGETHER) multiplyRow<W, TOGETHER>(matrix, panel, row, output);
        for (; panel < end; panel++) multiplyRow<W, 1>(matrix, panel, row, output);
    };
    const int threads = matrix.threadsFor(1);
    const int64_t share = matrix.panels() / (8 * threads);
    const int64_t grain = share < 1 ? 1 : (share + TOGETHER - 1) / TOGETHER * TOGETHER;
    forEach(matrix.panels(), grain, threads, some);
}

template <class W, typename Output>
void multiplyPanel(const Matrix& matrix, int64_t panel, const Rows& rows, Output* output, const Room& room) {
    const int64_t sumBytes = rows.count * W::OUTPUTS * sizeof(float);
    const uint8_t* weights = matrix.packed + panel * (rows.inputs / W::INPUTS) * BYTES_OF_STEP<W>;
    if constexpr (W::OUTPUTS == WIDE) {
        std::memset(room.sums, 0, sumBytes);
        goOnWith<W>(weights, 0, rows, room);
        finish<W>(matrix, panel, room.sums, rows.count, output);
    } else {
        std::memset(room.totals, 0, sumBytes);
        for (int64_t group = 0; group < rows.groups(); group++) {
            std::memset(room.sums, 0, sumBytes);
            goOnWith<W>(weights, group * rows.group, rows, room);
            scale<W>(matrix, panel, group, rows, room);
        }
        finish<W>(matrix, panel, room.totals, rows.count, output);
    }
}

template <class W>
void widen(const Matrix& matrix, const bf16* input, const Rows& rows) {
    const auto some = [&](int64_t from, int64_t end) {
        for (int64_t r = from; r < end; r++) {
            Floats sum{};
            for (int64_t first = 0; first < rows.inputs;) {
                const int64_t inputs = inputsOfBlock<W>(rows, first);
                float* to = rows.of(first) + r * inputs;
                for (int64_t i = 0; i < inputs; i += LANES) {
                    const Floats numbers = widened(input + r * matrix.inputs + first + i, part(matrix.inputs - first - i));
                    store(to + i, numbers, part(inputs - i));
                    sum += numbers;
                }
                first += inputs;
                if (matrix.zeros != nullptr && first % rows.group == 0) {
                    rows.sums[r * rows.groups() + first / rows.group - 1] = sumOf(sum);
                    sum = Floats{};
                }
            }
        }
    };
    forEach(rows.count, rows.count * rows.inputs > WORK_OF_THREADS ? (int)matrix.threads : 1, some);
}

template <class W, typename Output>
bool multiplyAll(const Matrix& matrix, const bf16* input, Output* output, int64_t count) {
    const int64_t inputs = W::OUTPUTS == WIDE ? matrix.inputs : matrix.padded();
    const int64_t groups = matrix.groups();
    // Blocks of like sizes: of a small one more time goes into weights than into products.
    const int64_t blocks = (count + ROWS_OF_BLOCK - 1) / ROWS_OF_BLOCK;
    const int64_t tiles = (count + ROWS_OF_TILE - 1) / ROWS_OF_TILE;
    const int64_t rowsOfBlock = blocks <= 1 ? count : (tiles + blocks - 1) / blocks * ROWS_OF_TILE;
    const KeptMemory kept(KeptMemory::ROWS, rowsOfBlock * (inputs + groups) * sizeof(float));
    if (!kept.isThere()) return false;
    float* memory = kept.as<float>();
    int failed = 0;
    for (int64_t first = 0; first < count; first += rowsOfBlock) {
        const int64_t own = count - first < rowsOfBlock ? count - first : rowsOfBlock;
        const Rows rows{own, inputs, groups == 1 ? inputs : matrix.group, memory, memory + own * inputs};
        widen<W>(matrix, input + first * matrix.inputs, rows);
        if constexpr (W::OUTPUTS == PANEL) {
            if (own == 1) {
                multiplyRow<W>(matrix, rows, output + first * matrix.outputs);
                continue;
            }
        }
        const auto some = [&](int64_t from, int64_t end) {
            const int64_t blockBytes = timesAsWide() * BYTES_OF_BLOCK;
            float* turned = (float*)std::aligned_alloc(64, blockBytes + 2 * own * W::OUTPUTS * sizeof(float));
            if (turned == nullptr) {
                __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
                return;
            }
            float* sums = turned + blockBytes / sizeof(float);
            const Room room{turned, sums, sums + own * W::OUTPUTS};
            for (int64_t panel = from; panel < end; panel++) multiplyPanel<W>(matrix, panel, rows, output + first * matrix.outputs, room);
            std::free(turned);
        };
        const int64_t panels = (matrix.outputs + W::OUTPUTS - 1) / W::OUTPUTS;
        forEach(panels, matrix.threadsFor(own), some);
    }
    return failed == 0;
}

}  // namespace

bool multiplyNumbers(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows) {
    return multiplyAll<Numbers>(matrix, input, output, rows);
}

bool multiplyNumbers(const Matrix& matrix, const bf16* input, float* output, int64_t rows) {
    return multiplyAll<Numbers>(matrix, input, output, rows);
}

bool multiplyCodes(const Matrix& matrix, const bf16* input, bf16* output, int64_t rows) {
    return matrix.layout == CODES_8 ? multiplyAll<Bytes>(matrix, input, output, rows)
                                    : multiplyAll<HalfBytes>(matrix, input, output, rows);
}

}  // namespace ISA
}  // namespace sparkvlm
