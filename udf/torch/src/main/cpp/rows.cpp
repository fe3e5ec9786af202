// Compiled once for each instruction set, whose name ISA is. Most loops are plain, so that the compiler makes vectors of them. It
// would compute an exponential's bounds for every number, among those that processors are slow with, so this is written out.
#include "rows.h"

#include <cmath>
#include <cstring>

#include "vectors.h"
#include "workers.h"

namespace sparkvlm {
namespace ISA {
namespace {

// Below that a thread is started for less work than starting it is.
constexpr int64_t NUMBERS_OF_THREAD = 1 << 15;

inline float wide(bf16 value) {
    uint32_t bits = (uint32_t)value << 16;
    float result;
    std::memcpy(&result, &bits, 4);
    return result;
}

// To the nearest, to even between two.
inline bf16 narrow(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    bool isNumber = (bits & 0x7fffffff) <= 0x7f800000;
    return (bf16)(isNumber ? rounded : 0x7fc0);
}

// e^x to a bit or two of float32, after Cephes' expf; x beyond what float32 holds is taken for the nearest that it does.
inline Floats exponential(Floats x) {
    x = smaller(spread(88.0f), larger(spread(-87.0f), x));  // in this order NaN stays
    const Floats n = floorOf(multiplyAdd(x, spread(1.44269504f), spread(0.5f)));
    Floats r = multiplyAdd(n, spread(-0.693359375f), x);
    r = multiplyAdd(n, spread(2.12194440e-4f), r);
    Floats p = spread(1.9875691500e-4f);
    p = multiplyAdd(p, r, spread(1.3981999507e-3f));
    p = multiplyAdd(p, r, spread(8.3334519073e-3f));
    p = multiplyAdd(p, r, spread(4.1665795894e-2f));
    p = multiplyAdd(p, r, spread(1.6666665459e-1f));
    p = multiplyAdd(p, r, spread(5.0000001201e-1f));
    p = multiplyAdd(p * r, r, r) + spread(1.0f);
    return p * powerOf2(n);
}

inline Floats sigmoid(Floats x) { return spread(1.0f) / (spread(1.0f) + exponential(-x)); }

// Of a row, in which the place of the largest is looked for one by one.
constexpr int64_t NUMBERS_OF_CHUNK = 2048;

struct Largest {
    float value;
    bool areNumbers;
};

typedef float Parts __attribute__((vector_size(PARTS * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef int32_t Flags __attribute__((vector_size(PARTS * sizeof(int32_t))));

// Of a multiple of PARTS.
inline Largest largestOf(const float* in, int64_t count) {
    Parts largest = *(const Parts*)in;
    Flags areNumbers = largest == largest;
    for (int64_t i = PARTS; i < count; i += PARTS) {
        const Parts next = *(const Parts*)(in + i);
        areNumbers &= next == next;
        largest = next > largest ? next : largest;
    }
    Largest all{-INFINITY, true};
    for (int k = 0; k < PARTS; k++) {
        all.value = largest[k] > all.value ? largest[k] : all.value;
        all.areNumbers = all.areNumbers && areNumbers[k];
    }
    return all;
}

int threadsFor(int64_t numbers, int threads) { return numbers > NUMBERS_OF_THREAD ? threads : 1; }

}  // namespace

void normalize(const bf16* input, const bf16* weight, bf16* output, int64_t rows, int64_t width, float epsilon, int threads) {
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t row = first; row < end; row++) {
            const bf16* in = input + row * width;
            bf16* out = output + row * width;
            float parts[PARTS] = {};
            for (int64_t i = 0; i < width; i += PARTS) {
                for (int k = 0; k < PARTS; k++) {
                    float value = wide(in[i + k]);
                    parts[k] += value * value;
                }
            }
            for (int count = PARTS / 2; count > 0; count /= 2) {
                for (int k = 0; k < count; k++) parts[k] += parts[k + count];
            }
            float scale = 1.0f / std::sqrt(parts[0] / (float)width + epsilon);
            for (int64_t i = 0; i < width; i++) out[i] = narrow(wide(in[i]) * scale * wide(weight[i]));
        }
    };
    forEach(rows, threadsFor(rows * width, threads), some);
}

void turn(RowsOfHeads heads, const float* cosines, const float* sines, int threads) {
    const int half = heads.size / 2;
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t row = first; row < end; row++) {
            const float* c = cosines + row * half;
            const float* s = sines + row * half;
            for (int head = 0; head < heads.heads; head++) {
                bf16* __restrict left = heads.data + row * heads.rowStride + (int64_t)head * heads.size;
                bf16* __restrict right = left + half;
                for (int i = 0; i < half; i++) {
                    float a = wide(left[i]);
                    float b = wide(right[i]);
                    left[i] = narrow(a * c[i] - b * s[i]);
                    right[i] = narrow(b * c[i] + a * s[i]);
                }
            }
        }
    };
    forEach(heads.rows, threadsFor(heads.rows * heads.heads * heads.size, threads), some);
}

void gate(const bf16* input, bf16* output, int64_t rows, int64_t width, int threads) {
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t row = first; row < end; row++) {
            const bf16* gates = input + 2 * row * width;
            const bf16* values = gates + width;
            bf16* out = output + row * width;
            for (int64_t i = 0; i < width; i += LANES) {
                const Part there = part(width - i);
                const Floats x = widened(gates + i, there);
                narrow(out + i, x * sigmoid(x) * widened(values + i, there), there);
            }
        }
    };
    forEach(rows, threadsFor(rows * width, threads), some);
}

void quickGelu(bf16* values, int64_t count, int threads) {
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t i = first; i < end; i += LANES) {
            const Part there = part(end - i);
            const Floats x = widened(values + i, there);
            narrow(values + i, x * sigmoid(spread(1.702f) * x), there);
        }
    };
    forEach(count, NUMBERS_OF_THREAD, threads, some);
}

void largest(const float* input, int64_t rows, int64_t width, float* values, int64_t* places, int threads) {
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t row = first; row < end; row++) {
            const float* in = input + row * width;
            float largest = -INFINITY;
            int64_t chunk = 0;
            bool areNumbers = true;
            for (int64_t start = 0; start < width; start += NUMBERS_OF_CHUNK) {
                const int64_t left = width - start;
                const Largest own = largestOf(in + start, left < NUMBERS_OF_CHUNK ? left : NUMBERS_OF_CHUNK);
                areNumbers = areNumbers && own.areNumbers;
                if (own.value > largest) {
                    largest = own.value;
                    chunk = start;
                }
            }
            int64_t place = chunk;
            while (place < width - 1 && in[place] != largest) place++;
            values[row] = areNumbers ? largest : NAN;
            places[row] = place;
        }
    };
    forEach(rows, 1, threadsFor(rows * width, threads), some);
}

void add(const bf16* values, bf16* sums, int64_t count, int threads) {
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t i = first; i < end; i++) sums[i] = narrow(wide(sums[i]) + wide(values[i]));
    };
    forEach(count, NUMBERS_OF_THREAD, threads, some);
}

}  // namespace ISA
}  // namespace sparkvlm
