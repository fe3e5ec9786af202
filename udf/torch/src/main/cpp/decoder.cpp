#include "decoder.h"

#include <cstring>

#include "kernels.h"
#include "kept_memory.h"

namespace sparkvlm {
namespace {

// Rows whose inner activations there are at once: those of all would fill caches that weights go through.
constexpr int64_t ROWS_OF_PART = 512;

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// What lies between two kernels, used by all layers.
class Between {
  public:
    Between(const Decoder& decoder, int64_t rows) : memory(KeptMemory::LAYERS, layOut(decoder, rows, nullptr)) {
        layOut(decoder, rows, memory.as<bf16>());
    }

    bool isThere() const { return memory.isThere(); }

    bf16* narrow;     // [rows, width]: normalised, or what is to be added
    bf16* projected;  // [rows, queries, keys and values]
    bf16* attended;   // [rows, query heads x head size]
    bf16* inner;      // [rows of a part, gates and values]
    bf16* gated;      // [rows of a part, inner width]

  private:
    // From there on, if that is known; returns how many bytes there are.
    int64_t layOut(const Decoder& decoder, int64_t rows, bf16* from) {
        const Layer& layer = decoder.layers[0];
        const int64_t part = least(rows, ROWS_OF_PART);
        int64_t next = 0;
        const auto take = [&](int64_t numbers) {
            bf16* own = from == nullptr ? nullptr : from + next;
            next += (numbers + 31) / 32 * 32;
            return own;
        };
        narrow = take(rows * decoder.width);
        projected = take(rows * layer.queriesKeysValues.outputs);
        attended = take(rows * layer.attentionOutput.inputs);
        inner = take(part * layer.gateAndUp.outputs);
        gated = take(part * layer.down.inputs);
        return next * sizeof(bf16);
    }

    const KeptMemory memory;
};

// The rows' queries, keys and values to `projected`, the last two to the cache too.
bool remember(const Decoder& decoder, const Layer& layer, const KeysAndValues& own, const Cache& cache, const Step& step,
              const Between& between, const bf16* hidden) {
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
    return true;
}

bool attend(const Decoder& decoder, const Layer& layer, const KeysAndValues& own, const Cache& cache, const Step& step,
            const Between& between) {
    const int size = (int)decoder.headSize;
    const int queries = (int)decoder.queryHeads;
    const int keys = (int)decoder.keyValueHeads;
    return kernels().attend({
        {between.projected, layer.queriesKeysValues.outputs, size},
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
        (int)decoder.threads,
    });
}

bool project(const Decoder& decoder, const Layer& layer, int64_t rows, const Between& between, bf16* hidden) {
    const Kernels& use = kernels();
    if (!use.multiply(layer.attentionOutput, between.attended, between.narrow, rows)) return false;
    use.add(between.narrow, hidden, rows * decoder.width, (int)decoder.threads);
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

// The wanted rows [rows, width] come first.
void bringForward(const Step& step, int64_t width, bf16* rows) {
    for (int64_t i = 0; i < step.wantedCount; i++) std::memmove(rows + i * width, rows + step.wanted[i] * width, width * sizeof(bf16));
}

}  // namespace

bool forward(const Decoder& decoder, const Cache& cache, const Step& step, bf16* hidden) {
    const Between between(decoder, step.rows);
    if (!between.isThere()) return false;
    for (int64_t i = 0; i < decoder.count; i++) {
        const Layer& layer = decoder.layers[i];
        const bool isLast = i == decoder.count - 1;
        if (!remember(decoder, layer, cache.layers[i], cache, step, between, hidden)) return false;
        if (isLast && step.wantedCount == 0) return true;
        if (!attend(decoder, layer, cache.layers[i], cache, step, between)) return false;
        if (isLast) {
            bringForward(step, layer.attentionOutput.inputs, between.attended);
            bringForward(step, decoder.width, hidden);
        }
        const int64_t rows = isLast ? step.wantedCount : step.rows;
        if (!project(decoder, layer, rows, between, hidden)) return false;
        const int64_t parts = (rows + ROWS_OF_PART - 1) / ROWS_OF_PART;
        for (int64_t part = 0; part < parts; part++) {
            const int64_t first = part * rows / parts;
            const int64_t own = (part + 1) * rows / parts - first;
            if (!feedForward(decoder, layer, own, between, hidden + first * decoder.width)) return false;
        }
    }
    return true;
}

}  // namespace sparkvlm
