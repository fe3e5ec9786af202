package io.sparkvlm.torch.natives;

import java.nio.LongBuffer;

/**
 * The project's own kernels for products of rows in bfloat16 with weights in bfloat16 or quantized, on CPUs; they read and write
 * memory at addresses: {@code udf/torch/src/main/cpp/linears.h}.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class LinearKernels {
    private LinearKernels() {}

    /** How weights lie in memory, by how they are multiplied; linears.h, Layout. */
    public enum Layout {
        /** 8 bits, turned into bfloat16. */
        CODES_8(0, 8, PANEL),
        /** 4 bits, turned into bfloat16. */
        CODES_4(1, 4, PANEL),
        /** 8 bits, multiplied with rows that are rounded to 8 bits. */
        PRODUCTS_8(2, 8, PANEL),
        /** bfloat16; of an even number of inputs. */
        NUMBERS_16(3, 16, WIDE_PANEL);

        private final int code;
        private final int bits;
        private final int panel; // outputs whose weights lie together

        Layout(int code, int bits, int panel) {
            this.code = code;
            this.bits = bits;
            this.panel = panel;
        }
    }

    /**
     * A matrix of weights, each a number or (code - zero) x scale.
     *
     * @param group inputs that share a scale, see {@link #takesGroups}; all of them, of numbers
     */
    public record Shape(Layout layout, long outputs, long inputs, long group) {
        /** Outputs with those that fill up the last panel. */
        public long paddedOutputs() {
            return (outputs + layout.panel - 1) / layout.panel * layout.panel;
        }

        /**
         * Bytes of the packed weights.
         *
         * @throws ArithmeticException if they are no long
         */
        public long packedBytes() {
            long weights = Math.multiplyExact(paddedOutputs(), layout == Layout.NUMBERS_16 ? inputs : paddedInputs());
            return Math.multiplyExact(weights, layout.bits) / 8;
        }

        private long paddedInputs() {
            return (inputs + 7) / 8 * 8;
        }
    }

    /**
     * Addresses of what there is of each output; 0 for none. Of codes, {@link #PANEL} outputs lie side by side.
     *
     * @param packed by {@link #packCodes} or {@link #packNumbers}, a multiple of 64
     * @param scales float32, [panels, groups, panel]
     * @param zeros int16, as the scales
     * @param sums int32, of each output's codes, where rows are rounded
     * @param bias float32
     */
    public record Weights(long packed, long scales, long zeros, long sums, long bias) {}

    /**
     * What rows are multiplied with.
     *
     * @param threads that share a product
     */
    public record Matrix(Shape shape, Weights weights, int threads) {
        /** Of 8 bytes each; linears.h, Matrix. */
        static final int NUMBERS = 10;

        void writeTo(LongBuffer memory) {
            memory.put(shape.layout.code)
                    .put(weights.packed)
                    .put(weights.scales)
                    .put(weights.zeros)
                    .put(weights.sums)
                    .put(weights.bias)
                    .put(shape.outputs)
                    .put(shape.inputs)
                    .put(shape.group)
                    .put(threads);
        }
    }

    /** Outputs whose codes lie together; linears.h. */
    public static final int PANEL = 32;

    /** Outputs whose weights in bfloat16 lie together; linears.h, WIDE. */
    public static final int WIDE_PANEL = 64;

    private static final long MOST_GROUP = 512; // linears.h

    /** Whether so many inputs may share a scale. */
    public static boolean takesGroups(long group, long inputs) {
        return group == inputs || (group % 32 == 0 && group <= MOST_GROUP && inputs % group == 0);
    }

    /** Whether this process has them, and its processor the instructions; the first call loads them. */
    public static boolean areThere() {
        return InstructionSet.inUse() != InstructionSet.NONE;
    }

    /** Whether they are the fastest there is for weights in bfloat16, too: libtorch multiplies with matrix units where there are any. */
    public static boolean areFastest() {
        return areThere() && !InstructionSet.hasMatrixUnits();
    }

    /** Brings codes, int8 in [outputs, inputs], into the order of the layout; those of 4 bits are -8 to 7. */
    public static void packCodes(long codes, Shape shape, long packed, int threads) {
        packCodes(codes, shape.outputs, shape.inputs, shape.paddedInputs(), shape.layout.code, packed, threads);
    }

    /** Brings weights in bfloat16, [outputs, inputs], into the order of {@link Layout#NUMBERS_16}. */
    public static void packNumbers(long weights, Shape shape, long packed, int threads) {
        packNumbers(weights, shape.outputs, shape.inputs, packed, threads);
    }

    /** Of rows in bfloat16, [rows, inputs], the products with every output's weights, [rows, outputs]. */
    public static void multiply(Matrix matrix, long input, long output, long rows) {
        boolean done = multiply(
                matrix.shape.layout.code,
                matrix.weights.packed,
                matrix.weights.scales,
                matrix.weights.zeros,
                matrix.weights.sums,
                matrix.weights.bias,
                matrix.shape.outputs,
                matrix.shape.inputs,
                matrix.shape.group,
                matrix.threads,
                input,
                output,
                rows);
        if (!done) {
            throw noMemory(rows);
        }
    }

    /** The same numbers, in float32; of {@link Layout#NUMBERS_16}. */
    public static void multiplyToFloats(Matrix matrix, long input, long output, long rows) {
        boolean done = multiplyToFloats(
                matrix.weights.packed,
                matrix.weights.bias,
                matrix.shape.outputs,
                matrix.shape.inputs,
                matrix.threads,
                input,
                output,
                rows);
        if (!done) {
            throw noMemory(rows);
        }
    }

    private static OutOfMemoryError noMemory(long rows) {
        return new OutOfMemoryError("no memory for products of " + rows + " rows");
    }

    private static native void packCodes(
            long codes, long outputs, long inputs, long paddedInputs, long layout, long packed, int threads);

    private static native void packNumbers(long weights, long outputs, long inputs, long packed, int threads);

    private static native boolean multiply(
            long layout,
            long packed,
            long scales,
            long zeros,
            long sums,
            long bias,
            long outputs,
            long inputs,
            long group,
            long threads,
            long input,
            long output,
            long rows);

    private static native boolean multiplyToFloats(
            long packed, long bias, long outputs, long inputs, long threads, long input, long output, long rows);
}
