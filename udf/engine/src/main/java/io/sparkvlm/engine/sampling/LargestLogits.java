package io.sparkvlm.engine.sampling;

import io.sparkvlm.torch.HostTensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/**
 * The largest logit of each row, and the first token that has it.
 *
 * @param logits NaN where a row has one
 * @param ids the token of each
 */
record LargestLogits(float[] logits, long[] ids) {
    /** The fastest of 16, 64, 128 and 1,187 for 8 rows of 151,936. */
    private static final int MOST_PARTS = 64;

    /**
     * Finds them part by part: libtorch finds a value in an eighth of the time that it takes to find its place too.
     *
     * @param logits float32 [rows, vocab]
     */
    static LargestLogits of(Tensor logits) {
        long rows = logits.size(0);
        long vocab = logits.size(1);
        long size = vocab / parts(vocab);
        Tensor inParts = logits.reshape(rows, -1, size); // [rows, parts, size]
        T_TensorTensor_T part = inParts.amax(new long[] {2}, false).max(1, false);
        Tensor chosen = inParts.gather(1, part.get1().view(rows, 1, 1).expand(new long[] {rows, 1, size}, false))
                .squeeze(1); // [rows, size]
        Tensor ids = part.get1().mul(new Scalar(size)).add_(chosen.max(1, false).get1());
        return new LargestLogits(HostTensors.toFloats(part.get0()), HostTensors.toLongs(ids));
    }

    /** As many equal ones as there can be. */
    private static int parts(long vocab) {
        int parts = MOST_PARTS;
        while (vocab % parts != 0) {
            parts--;
        }
        return parts;
    }

    /** Whether a row has numbers, and one that is not ruled out. */
    boolean isFinite(int row) {
        return Float.isFinite(logits[row]);
    }
}
