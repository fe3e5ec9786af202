package io.sparkvlm.torch.natives;

import io.sparkvlm.torch.natives.AttentionKernels.Sequences;
import io.sparkvlm.torch.natives.LinearKernels.Matrix;
import java.nio.LongBuffer;
import java.util.List;

/**
 * The project's own kernels for all layers of a language model in bfloat16 on CPUs, in one call; they read and write memory at
 * addresses: {@code udf/torch/src/main/cpp/decoder.h}. They are there where {@link LinearKernels} and {@link AttentionKernels} are, of
 * which they are made.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class DecoderKernels {
    private DecoderKernels() {}

    /**
     * One layer.
     *
     * @param attentionNorm address of bfloat16, [width]; {@code mlpNorm} likewise
     */
    public record Layer(
            long attentionNorm,
            Matrix queriesKeysValues,
            Matrix attentionOutput,
            long mlpNorm,
            Matrix gateAndUp,
            Matrix down) {
        private static final int NUMBERS = 2 + 4 * Matrix.NUMBERS;

        private void writeTo(LongBuffer memory) {
            memory.put(attentionNorm);
            queriesKeysValues.writeTo(memory);
            attentionOutput.writeTo(memory);
            memory.put(mlpNorm);
            gateAndUp.writeTo(memory);
            down.writeTo(memory);
        }
    }

    /**
     * What all layers have in common.
     *
     * @param width of the hidden states, a multiple of {@link RowKernels#PARTS}
     * @param headSize see {@link AttentionKernels#areTaken}
     * @param epsilon of the norms
     */
    public record Shape(long width, int queryHeads, int keyValueHeads, int headSize, double epsilon, int threads) {}

    /**
     * The rows of a step.
     *
     * @param cosines address of float32, [rows, half a head]; sines likewise
     * @param slots address of int64, [rows]: where in the cache each row's key and value go
     * @param wanted address of int64, the rows of which it is asked what the last layer makes of them, in rising order
     */
    public record Step(
            long rows, long cosines, long sines, long slots, Sequences sequences, long wanted, long wantedCount) {}

    /** What the kernels read of the layers, one after the other. */
    public static long[] numbersOf(List<Layer> layers) {
        LongBuffer memory = LongBuffer.allocate(layers.size() * Layer.NUMBERS);
        layers.forEach(layer -> layer.writeTo(memory));
        return memory.array();
    }

    /**
     * What the kernels read of a decoder.
     *
     * @param layers the address of {@link #numbersOf(List)} so many
     */
    public static long[] numbersOf(Shape shape, long layers, int count) {
        return new long[] {
            layers,
            count,
            shape.width,
            shape.queryHeads,
            shape.keyValueHeads,
            shape.headSize,
            Double.doubleToLongBits(shape.epsilon),
            shape.threads
        };
    }

    /**
     * Adds all layers to the hidden states, bfloat16 in [rows, width]. Of the wanted rows they come to be the first ones.
     *
     * @param decoder address of its numbers
     * @param caches address of the addresses of each layer's keys and values
     * @param cacheHeadStride from a head of the cache to the next, in numbers
     */
    public static void forward(long decoder, long caches, long cacheHeadStride, long hidden, Step step) {
        boolean done = forward(
                decoder,
                caches,
                cacheHeadStride,
                hidden,
                step.rows,
                step.cosines,
                step.sines,
                step.slots,
                step.sequences.address(),
                step.sequences.count(),
                step.sequences.blocks(),
                step.sequences.blockSizeTokens(),
                step.wanted,
                step.wantedCount);
        if (!done) {
            throw new OutOfMemoryError("no memory for a step of " + step.rows + " rows");
        }
    }

    private static native boolean forward(
            long decoder,
            long caches,
            long cacheHeadStride,
            long hidden,
            long rows,
            long cosines,
            long sines,
            long slots,
            long sequences,
            int sequenceCount,
            long blocks,
            int blockSizeTokens,
            long wanted,
            long wantedCount);
}
