package io.sparkvlm.torch.natives;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project's own kernels for products of rows in bfloat16 with weights in bfloat16 or quantized, on CPUs; they read and write
 * memory at addresses: {@code udf/torch/src/main/cpp/linears.h}.
 *
 * <p>Static, because a process loads a native library once. Thread-safe.
 */
public final class LinearKernels {
    private static final Logger LOG = LoggerFactory.getLogger(LinearKernels.class);

    private LinearKernels() {}

    /** How the codes of weights lie in memory, by how they are multiplied; linears.h, Layout. */
    public enum Layout {
        /** 8 bits, turned into bfloat16. */
        CODES_8(0, 8),
        /** 4 bits, turned into bfloat16. */
        CODES_4(1, 4),
        /** 8 bits, multiplied with rows that are rounded to 8 bits. */
        PRODUCTS_8(2, 8);

        private final int code;
        private final int bits;

        Layout(int code, int bits) {
            this.code = code;
            this.bits = bits;
        }
    }

    /**
     * A matrix of weights, each (code - zero) x scale.
     *
     * @param group inputs that share a scale, see {@link #takesGroups}
     */
    public record Shape(Layout layout, long outputs, long inputs, long group) {
        /** Outputs with those that fill up the last panel. */
        public long paddedOutputs() {
            return (outputs + PANEL - 1) / PANEL * PANEL;
        }

        public long packedBytes() {
            return paddedOutputs() * paddedInputs() * layout.bits / 8;
        }

        private long paddedInputs() {
            return (inputs + 7) / 8 * 8;
        }
    }

    /**
     * Addresses of what there is of each output, {@link #PANEL} outputs side by side; 0 for none.
     *
     * @param codes packed
     * @param scales float32, [panels, groups, panel]
     * @param zeros int16, as the scales
     * @param sums int32, of each output's codes, where rows are rounded
     * @param bias float32
     */
    public record Weights(long codes, long scales, long zeros, long sums, long bias) {}

    /** Outputs whose weights lie together; linears.h. */
    public static final int PANEL = 32;

    /** Outputs whose weights in bfloat16 lie together; linears.h. */
    private static final long WIDE = 64;

    private static final long MOST_GROUP = 512; // linears.h

    /**
     * A matrix of weights in bfloat16.
     *
     * @param packed the address of {@link #packedBytes} by {@link #packWide}, a multiple of 64
     * @param bias the address of float32, [outputs]; 0 for none
     * @param inputs even
     */
    public record WideMatrix(long packed, long bias, long outputs, long inputs, int threads) {
        public static long packedBytes(long outputs, long inputs) {
            return (outputs + WIDE - 1) / WIDE * WIDE * inputs * Short.BYTES;
        }
    }

    /** Whether so many inputs may share a scale. */
    public static boolean takesGroups(long group, long inputs) {
        return group == inputs || (group % 32 == 0 && group <= MOST_GROUP && inputs % group == 0);
    }

    /** Whether this process has them, and its processor the instructions; the first call loads them and logs the answer. */
    public static boolean areThere() {
        return Loaded.ARE_THERE;
    }

    /** Whether they are the fastest there is for weights in bfloat16, too: libtorch multiplies with matrix units where there are any. */
    public static boolean areFastest() {
        return areThere() && !Loaded.HAS_MATRIX_UNITS;
    }

    /** Brings weights in bfloat16, [outputs, inputs], into the order of a {@link WideMatrix}. */
    public static native void packWide(long weights, long outputs, long inputs, long packed, int threads);

    /** Of rows in bfloat16, [rows, inputs], the products with every output's weights, [rows, outputs]. */
    public static void multiply(WideMatrix matrix, long input, long output, long rows) {
        if (!multiplyWide(
                matrix.packed, matrix.bias, matrix.outputs, matrix.inputs, matrix.threads, input, output, rows)) {
            throw noMemory(rows);
        }
    }

    /** Brings codes, int8 in [outputs, inputs], into the order of the layout; those of 4 bits are -8 to 7. */
    public static void pack(long codes, Shape shape, long packed, int threads) {
        pack(codes, shape.outputs, shape.inputs, shape.paddedInputs(), shape.layout.code, packed, threads);
    }

    /** Of rows in bfloat16, [rows, inputs], the products with every output's weights, [rows, outputs]. */
    public static void multiply(Shape shape, Weights weights, long input, long output, long rows, int threads) {
        boolean done = multiply(
                shape.layout.code,
                weights.codes,
                weights.scales,
                weights.zeros,
                weights.sums,
                weights.bias,
                shape.outputs,
                shape.inputs,
                shape.group,
                threads,
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

    private static native void pack(
            long codes, long outputs, long inputs, long paddedInputs, int layout, long packed, int threads);

    private static native boolean multiply(
            int layout,
            long codes,
            long scales,
            long zeros,
            long sums,
            long bias,
            long outputs,
            long inputs,
            long group,
            int threads,
            long input,
            long output,
            long rows);

    private static native boolean multiplyWide(
            long packed, long bias, long outputs, long inputs, int threads, long input, long output, long rows);

    private static native boolean areSupported();

    private static native boolean hasAmxBf16();

    /** Loads at its first use. */
    private static final class Loaded {
        static final boolean ARE_THERE = KernelLibrary.load("linears") && areThere();
        static final boolean HAS_MATRIX_UNITS = ARE_THERE && hasAmxBf16();

        private static boolean areThere() {
            boolean supported = areSupported();
            LOG.info(
                    supported
                            ? "Products by kernels for avx512_bf16 and avx512_vnni"
                            : "Products by libtorch: this processor lacks avx512_bf16, avx512_vnni or avx512_vbmi");
            return supported;
        }
    }
}
