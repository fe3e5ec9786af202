package io.sparkvlm.engine.sampling;

import io.sparkvlm.api.GeneratedToken;
import io.sparkvlm.api.GeneratedToken.Logprobs;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.torch.HostTensors;
import io.sparkvlm.torch.LargestOfRows;
import io.sparkvlm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/**
 * Chooses the next token of each row.
 *
 * <p>What touches the whole vocabulary is done on the device; the likeliest tokens alone come to the host. A row's choice
 * is a pure function of its logits, parameters, seed and token index, so equal logits give the same token in any batch.
 */
public final class Sampler {
    /** Most truncated distributions lie within so many tokens; the few others are sorted whole. */
    private static final int LIKELIEST = 256;

    /** Rows whose whole distribution is laid out at once: 32 x 152k floats are 19 MB. */
    private static final int ROWS_AT_ONCE = 32;

    /**
     * Chooses a token for each row.
     *
     * @param logits float32 [rows, vocab]; changed by bans and penalties
     * @return in the order of the rows; a rejection where the model gave no number
     */
    public List<Outcome<GeneratedToken>> choose(Tensor logits, List<SamplingRow> rows) {
        try (TensorScope scope = new TensorScope()) {
            RawLogprobs raw = RawLogprobs.of(logits, rows);
            for (int i = 0; i < rows.size(); i++) {
                if (LogitAdjuster.changes(rows.get(i))) {
                    LogitAdjuster.apply(logits.select(0, i), rows.get(i));
                }
            }
            AllowedTokens.apply(logits, rows);
            LargestOfRows largest = LargestOfRows.of(logits);
            long[] chosen = largest.places().clone();
            chooseWholeDistribution(logits, rows, largest, chosen);
            chooseTruncated(logits, rows, largest, chosen);
            return results(rows, raw, chosen, largest);
        }
    }

    private static List<Outcome<GeneratedToken>> results(
            List<SamplingRow> rows, RawLogprobs raw, long[] chosen, LargestOfRows largest) {
        List<Optional<Logprobs>> logprobs = raw.of(chosen);
        List<Outcome<GeneratedToken>> results = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            results.add(
                    largest.isFinite(i)
                            ? Outcome.ok(new GeneratedToken((int) chosen[i], logprobs.get(i)))
                            : Outcome.rejected(Rejection.of(
                                    EngineCode.SERVER_ERROR,
                                    "expected a finite logit to choose from, found none: the model gave NaN (then --dtype"
                                            + " float32 may help) or every token is ruled out")));
        }
        return results;
    }

    /** Rows that keep every token. */
    private static void chooseWholeDistribution(
            Tensor logits, List<SamplingRow> rows, LargestOfRows largest, long[] chosen) {
        int[] whole = indicesOf(rows, largest, params -> !params.greedy() && !truncates(params));
        for (int from = 0; from < whole.length; from += ROWS_AT_ONCE) {
            int[] some = Arrays.copyOfRange(whole, from, Math.min(from + ROWS_AT_ONCE, whole.length));
            try (TensorScope scope = new TensorScope()) {
                int[] tokens = WholeDistribution.draw(probabilities(logits, rows, some), uniforms(rows, some));
                for (int i = 0; i < some.length; i++) {
                    chosen[some[i]] = tokens[i];
                }
            }
        }
    }

    /** Rows with top_k, top_p or min_p: chosen on the host among the likeliest tokens. */
    private static void chooseTruncated(Tensor logits, List<SamplingRow> rows, LargestOfRows largest, long[] chosen) {
        int[] truncated = indicesOf(rows, largest, params -> !params.greedy() && truncates(params));
        for (int from = 0; from < truncated.length; from += ROWS_AT_ONCE) {
            int[] some = Arrays.copyOfRange(truncated, from, Math.min(from + ROWS_AT_ONCE, truncated.length));
            try (TensorScope scope = new TensorScope()) {
                Tensor probabilities = probabilities(logits, rows, some); // float32 [some, vocab]
                int vocab = (int) probabilities.size(1);
                int likeliest = Math.min(LIKELIEST, vocab);
                T_TensorTensor_T top = probabilities.topk(likeliest, 1, true, true);
                double[] topProbabilities = HostTensors.toDoubles(top.get0());
                long[] topIds = HostTensors.toLongs(top.get1());
                for (int i = 0; i < some.length; i++) {
                    SamplingRow row = rows.get(some[i]);
                    double uniform = row.uniform();
                    Candidates candidates = new Candidates(
                            Arrays.copyOfRange(topIds, i * likeliest, (i + 1) * likeliest),
                            Arrays.copyOfRange(topProbabilities, i * likeliest, (i + 1) * likeliest),
                            likeliest == vocab);
                    OptionalInt token = candidates.choose(row.params(), uniform);
                    chosen[some[i]] = token.isPresent()
                            ? token.getAsInt()
                            : sorted(probabilities.select(0, i))
                                    .choose(row.params(), uniform)
                                    .orElseThrow();
                }
            }
        }
    }

    private static Candidates sorted(Tensor probabilities) {
        T_TensorTensor_T all = probabilities.topk(probabilities.size(0), 0, true, true);
        return new Candidates(HostTensors.toLongs(all.get1()), HostTensors.toDoubles(all.get0()), true);
    }

    /** float32 [some, vocab] */
    private static Tensor probabilities(Tensor logits, List<SamplingRow> rows, int[] some) {
        Tensor selected = some.length == rows.size()
                ? logits
                : logits.index_select(0, HostTensors.indices(some, logits.device()));
        float[] temperatures = new float[some.length];
        boolean tempered = false;
        for (int i = 0; i < some.length; i++) {
            temperatures[i] = (float) rows.get(some[i]).params().temperature();
            tempered |= temperatures[i] != 1; // 1 is the default of OpenAI, and saves two passes over the vocabulary
        }
        if (tempered) {
            // The largest logit is taken off first: a tiny temperature then gives minus infinity, never NaN.
            Tensor divisor = HostTensors.floats(temperatures, logits.device()).unsqueeze(1); // [some, 1]
            selected = selected.sub(selected.amax(new long[] {1}, true))
                    .div_(divisor.clamp_min(new Scalar(Float.MIN_NORMAL)));
        }
        return selected.softmax(1);
    }

    private static double[] uniforms(List<SamplingRow> rows, int[] some) {
        double[] uniforms = new double[some.length];
        for (int i = 0; i < some.length; i++) {
            uniforms[i] = rows.get(some[i]).uniform();
        }
        return uniforms;
    }

    private static boolean truncates(SamplingParams params) {
        return params.topK() > 0 || params.topP() < 1 || params.minP() > 0;
    }

    private static int[] indicesOf(List<SamplingRow> rows, LargestOfRows largest, Predicate<SamplingParams> wanted) {
        return IntStream.range(0, rows.size())
                .filter(i -> largest.isFinite(i) && wanted.test(rows.get(i).params()))
                .toArray();
    }
}
