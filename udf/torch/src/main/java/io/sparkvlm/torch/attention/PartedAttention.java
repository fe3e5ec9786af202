package io.sparkvlm.torch.attention;

import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention as products of matrices, whose scores are computed in parts of bounded size. Each part has a scope: the scores of all
 * would live until the layer ends.
 *
 * <p>On the CPU libtorch's fused operator, as it is packed for Java, is many times slower in bfloat16: a prefill of 1,225
 * tokens took 5.6 s with it and takes 0.8 s.
 */
final class PartedAttention implements AttentionOperator {
    /** Of one part: 4 Mi scores in bfloat16 are a quarter of a 32 MiB L3 cache. */
    static final long SCORES_IN_CACHE = 1 << 22;

    /** Of one part: 128 Mi scores in float32 are 512 MiB of a GPU's memory. */
    static final long SCORES_ON_GPU = 1 << 27;

    private final TensorFactory factory;
    private final long scoresOfPart;

    PartedAttention(TensorFactory factory, long scoresOfPart) {
        this.factory = factory;
        this.scoresOfPart = scoresOfPart;
    }

    @Override
    public void full(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        long heads = queries.size(0);
        long rows = queries.size(1);
        long perHead = rows * keys.size(1);
        long headStep = Math.min(heads, Math.max(1, scoresOfPart / perHead));
        long rowStep = Math.min(rows, Math.max(16, scoresOfPart / keys.size(1)));
        for (long head = 0; head < heads; head += headStep) {
            long count = Math.min(headStep, heads - head);
            Tensor transposed = keys.narrow(0, head, count).transpose(1, 2);
            Tensor ownValues = values.narrow(0, head, count);
            for (long row = 0; row < rows; row += rowStep) {
                try (TensorScope scope = new TensorScope()) {
                    long own = Math.min(rowStep, rows - row);
                    Tensor part = queries.narrow(0, head, count).narrow(1, row, own);
                    Tensor shares = softmax(scores(part, transposed));
                    attended.narrow(0, head, count).narrow(1, row, own).copy_(shares.bmm(ownValues));
                }
            }
        }
    }

    @Override
    public void causal(Tensor queries, Tensor keys, Tensor values, Tensor attended) {
        long heads = queries.size(0);
        long group = queries.size(1);
        long rows = queries.size(2);
        long size = queries.size(3);
        long context = keys.size(1) - rows;
        long rowStep = Math.min(rows, Math.max(16, scoresOfPart / (heads * group * keys.size(1))));
        Tensor later = factory.causalMask(rowStep, rowStep);
        for (long row = 0; row < rows; row += rowStep) {
            try (TensorScope scope = new TensorScope()) {
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
    }

    @Override
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
}
