// The order in which the kernels read weights. Compiled for any x86-64.
#include <cstring>

#include "linears.h"
#include "workers.h"

namespace sparkvlm {

namespace {

// Inputs of 16 outputs that 64 bytes hold.
int inputsOfChunk(Layout layout) { return layout == CODES_4 ? 8 : 4; }

// Sets the code of an output, 0 to 15, and an input, 0 to inputsOfChunk, in 64 bytes of zeros.
void put(uint8_t* chunk, int output, int input, int8_t code, Layout layout) {
    switch (layout) {
        case CODES_8:  // what unpacking bytes in lanes of 16 turns into pairs of inputs, one of each output
            chunk[16 * (output / 4) + 8 * (input / 2) + 2 * (output % 4) + input % 2] = (uint8_t)code;
            break;
        case CODES_4:  // a pair of words for each output, of which every 4 bits are a pair of inputs
            chunk[4 * output + 2 * (input % 2) + input / 4] |= (uint8_t)((code & 15) << 4 * (input / 2 % 2));
            break;
        case PRODUCTS_8:  // four inputs of each output
            chunk[4 * output + input] = (uint8_t)code;
            break;
        case NUMBERS_16:  // no codes
            break;
    }
}

}  // namespace

void packCodes(const int8_t* codes, int64_t outputs, int64_t inputs, int64_t padded, Layout layout, uint8_t* packed, int threads) {
    const int step = inputsOfChunk(layout);
    const int64_t panels = (outputs + PANEL - 1) / PANEL;
    std::memset(packed, 0, panels * (padded / step) * 2 * 64);
    const auto some = [=](int64_t from, int64_t end) {
        for (int64_t panel = from; panel < end; panel++) {
            for (int64_t first = 0; first < padded; first += step) {
                for (int half = 0; half < 2; half++) {
                    uint8_t* chunk = packed + ((panel * (padded / step) + first / step) * 2 + half) * 64;
                    for (int o = 0; o < 16; o++) {
                        int64_t output = panel * PANEL + half * 16 + o;
                        for (int i = 0; i < step && output < outputs && first + i < inputs; i++) {
                            put(chunk, o, i, codes[output * inputs + first + i], layout);
                        }
                    }
                }
            }
        }
    };
    forEach(panels, threads, some);
}

void packNumbers(const bf16* weights, int64_t outputs, int64_t inputs, bf16* packed, int threads) {
    const int64_t panels = (outputs + WIDE - 1) / WIDE;
    const auto some = [=](int64_t first, int64_t end) {
        for (int64_t panel = first; panel < end; panel++) {
            bf16* to = packed + panel * inputs * WIDE;
            for (int64_t pair = 0; pair < inputs / 2; pair++, to += 2 * WIDE) {
                for (int o = 0; o < WIDE; o++) {
                    const int64_t output = panel * WIDE + o;
                    if (output < outputs) std::memcpy(to + 2 * o, weights + output * inputs + 2 * pair, 4);
                    else std::memset(to + 2 * o, 0, 4);
                }
            }
        }
    };
    forEach(panels, threads, some);
}

}  // namespace sparkvlm
