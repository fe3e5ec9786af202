package io.sparkvlm.engine.nn;

import io.sparkvlm.torch.TensorFactory;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Scaled dot-product attention; the scale is 1 over the root of the head size.
 *
 * <p>Written as products of matrices, because libtorch's fused operator, as it is packed for Java, is many times slower
 * on the CPU in bfloat16: a prefill of 1,225 tokens took 5.6 s with it and takes 0.8 s. Scores are computed in parts that
 * stay inside the processor's cache.
 */
public final class Attention {
    /** Of one part: 4 Mi scores in bfloat16 are a quarter of a 32 MiB L3 cache. */
    private static final long SCORES = 1 << 22;

    private final TensorFactory factory;

    public Attention(TensorFactory factory) {
        this.factory = factory;
    }

    /**
     * Every query sees every key.
     *
     * @param queries [heads, queries, head size]
     * @param keys [heads, keys, head size]; values likewise
     * @param attended as queries; written
     */
    public void full(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        long heads = queries.size(0);
        long rows = queries.size(1);
        long perHead = rows * keys.size(1);
        long headStep = Math.min(heads, Math.max(1, SCORES / perHead));
        long rowStep = Math.min(rows, Math.max(16, SCORES / keys.size(1)));
        for (long head = 0; head < heads; head += headStep) {
            long count = Math.min(headStep, heads - head);
            Tensor transposed = keys.narrow(0, head, count).transpose(1, 2);
            Tensor ownValues = values.narrow(0, head, count);
            for (long row = 0; row < rows; row += rowStep) {
                long own = Math.min(rowStep, rows - row);
                Tensor part = queries.narrow(0, head, count).narrow(1, row, own);
                Tensor shares = softmax(scores(part, transposed));
                attended.narrow(0, head, count).narrow(1, row, own).copy_(shares.bmm(ownValues));
            }
        }
    }

    /**
     * The queries stand for the last tokens of the keys; each sees the keys up to its own.
     *
     * @param queries [key-value heads, query heads of each, queries, head size]
     * @param keys [key-value heads, keys, head size]; values likewise
     * @param attended as queries, of any strides; written
     */
    public void causal(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        long heads = queries.size(0);
        long group = queries.size(1);
        long rows = queries.size(2);
        long size = queries.size(3);
        long context = keys.size(1) - rows;
        long rowStep = Math.min(rows, Math.max(16, SCORES / (heads * group * keys.size(1))));
        Tensor later = later(rowStep); // [rowStep, rowStep]
        for (long row = 0; row < rows; row += rowStep) {
            long own = Math.min(rowStep, rows - row);
            long seen = context + row + own; // keys after the part's last query are not even computed
            Tensor part = queries.narrow(2, row, own).reshape(heads, group * own, size);
            Tensor scores = scores(part, keys.narrow(1, 0, seen).transpose(1, 2));
            scores.view(heads, group, own, seen)
                    .narrow(3, seen - own, own)
                    .add_(later.narrow(0, 0, own).narrow(1, 0, own));
            Tensor result = softmax(scores).bmm(values.narrow(1, 0, seen));
            attended.narrow(2, row, own).copy_(result.view(heads, group, own, size));
        }
    }

    /**
     * The mask is added to the scores: 0 where a query sees a key, minus infinity where not.
     *
     * @param queries [heads, queries, head size]
     * @param keys [heads, keys, head size]; values likewise
     * @param mask broadcast to [heads, queries, keys]
     * @return as queries
     */
    public Tensor masked(Tensor queries, Tensor keys, Tensor values, Tensor mask) {
        return softmax(scores(queries, keys.transpose(1, 2)).add_(mask)).bmm(values);
    }

    /** [heads, queries, keys], scaled inside the product: beta 0 says that what is in the memory does not count. */
    private Tensor scores(Tensor queries, Tensor transposedKeys) {
        Tensor scores = factory.empty(queries.size(0), queries.size(1), transposedKeys.size(2));
        Scalar scale = new Scalar(1 / Math.sqrt((double) queries.size(2)));
        return torch.baddbmm_outf(scores, queries, transposedKeys, new Scalar(0.0), scale, scores);
    }

    private static Tensor softmax(Tensor scores) {
        return torch.softmax_out(scores, scores, -1);
    }

    /** Minus infinity above the diagonal, 0 elsewhere. */
    private Tensor later(long rows) {
        Tensor mask = factory.zeros(rows, rows).fill_(new Scalar(Double.NEGATIVE_INFINITY));
        return mask.triu_(1);
    }
}
