package io.sparkvlm.torch.gpu;

/**
 * Rows times a matrix, by their addresses: [rows, outputs] of [rows, inputs] and [outputs, inputs].
 *
 * @param input bfloat16; weight likewise
 */
public record GpuProduct(long input, long rows, long weight, long outputs, long inputs, long output, Result result) {
    /** What becomes of the product, which is summed up in float32. */
    public enum Result {
        /** The output, in bfloat16. */
        ROUNDED,
        /** Is added to the output, in bfloat16, before it is rounded. */
        ADDED,
        /** The output, in float32. */
        WHOLE
    }
}
