#include "decoder.h"

#include <cstdlib>

#include "kernels.h"

namespace sparkvlm {
namespace {

// Rows whose inner activations there are at once: those of all would fill caches that weights go through.
constexpr int64_t ROWS_OF_PART = 512;

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// Memory for what lies between two kernels, used by all layers.
class Between {
  public:
    Between(const Decoder& decoder, int64_t rows) {
        const Layer& layer = decoder.layers[0];
        const int64_t part = least(rows, ROWS_OF_PART);
        const int64_t widths[] = {rows * decoder.width, rows * layer.queriesKeysValues.outputs, rows * layer.attentionOutput.inputs,
                                  part * layer.gateAndUp.outputs, part * layer.down.inputs};
        int64_t all = 0;
        for (int64_t width : widths) all += lines(width);
        memory = (bf16*)std::aligned_alloc(64, all * sizeof(bf16));
        if (memory == nullptr) return;
        narrow = memory;
        projected = narrow + lines(widths[0]);
        attended = projected + lines(widths[1]);
        inner = attended + lines(widths[2]);
        gated = inner + lines(widths[3]);
    }
    ~Between() { std::free(memory); }
    Between(const Between&) = delete;
    void operator=(const Between&) = delete;

    bf16* memory;
    bf16* narrow;     // [rows, width]: normalised, or what is to be added
    bf16* projected;  // [rows, queries, keys and values]
    bf16* attended;   // [rows, query heads x head size]
    bf16* inner;      // [rows of a part, gates and values]
    bf16* gated;      // [rows of a part, inner width]

  private:
    static int64_t lines(int64_t numbers) { return (numbers + 31) / 32 * 32; }
};

bool attend(const Decoder& decoder, const Layer& layer, const KeysAndValues& own, const Cache& cache, const Step& step,
            const Between& between, bf16* hidden) {
    const int size = (int)decoder.headSize;
    const int queries = (int)decoder.queryHeads;
    const int keys = (int)decoder.keyValueHeads;
    const int threads = (int)decoder.threads;
    const int64_t stride = layer.queriesKeysValues.outputs;
    const Kernels& use = kernels();
    use.normalize(hidden, layer.attentionNorm, between.narrow, step.rows, decoder.width, (float)decoder.epsilon, threads);
    if (!use.multiply(layer.queriesKeysValues, between.narrow, between.projected, step.rows)) return false;
    use.turn({between.projected, step.rows, stride, queries + keys, size}, step.cosines, step.sines, threads);
    store({between.projected + queries * size, step.rows, stride, keys, size}, step.slots, own.keys, cache.headStride);
    store({between.projected + (queries + keys) * size, step.rows, stride, keys, size}, step.slots, own.values, cache.headStride);
    const bool done = use.attend({
        {between.projected, stride, size},
        {own.keys, size, cache.headStride},
        {own.values, size, cache.headStride},
        {between.attended, queries * (int64_t)size, size},
        keys,
        queries / keys,
        size,
        step.sequences,
        step.sequenceCount,
        step.blocks,
        step.blockSizeTokens,
        true,
        threads,
    });
    if (!done || !use.multiply(layer.attentionOutput, between.attended, between.narrow, step.rows)) return false;
    use.add(between.narrow, hidden, step.rows * decoder.width, threads);
    return true;
}

bool feedForward(const Decoder& decoder, const Layer& layer, int64_t rows, const Between& between, bf16* hidden) {
    const int threads = (int)decoder.threads;
    const Kernels& use = kernels();
    use.normalize(hidden, layer.mlpNorm, between.narrow, rows, decoder.width, (float)decoder.epsilon, threads);
    if (!use.multiply(layer.gateAndUp, between.narrow, between.inner, rows)) return false;
    use.gate(between.inner, between.gated, rows, layer.down.inputs, threads);
    if (!use.multiply(layer.down, between.gated, between.narrow, rows)) return false;
    use.add(between.narrow, hidden, rows * decoder.width, threads);
    return true;
}

}  // namespace

bool forward(const Decoder& decoder, const Cache& cache, const Step& step, bf16* hidden) {
    const Between between(decoder, step.rows);
    if (between.memory == nullptr) return false;
    for (int64_t i = 0; i < decoder.count; i++) {
        const Layer& layer = decoder.layers[i];
        if (!attend(decoder, layer, cache.layers[i], cache, step, between, hidden)) return false;
        for (int64_t first = 0; first < step.rows; first += ROWS_OF_PART) {
            const int64_t rows = least(step.rows - first, ROWS_OF_PART);
            if (!feedForward(decoder, layer, rows, between, hidden + first * decoder.width)) return false;
        }
    }
    return true;
}

}  // namespace sparkvlm
