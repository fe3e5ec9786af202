package io.sparkvlm.engine.sampling;

import io.sparkvlm.api.GeneratedToken.Logprobs;
import io.sparkvlm.torch.HostTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** The log-probabilities that the model gave, before penalties and temperature, for the rows that ask for them. */
final class RawLogprobs {
    private final int rows;
    private final int[] asking;
    private final int[] wanted; // alternatives, for each asking row
    private final Tensor logprobs; // float32 [asking, vocab]

    private RawLogprobs(int rows, int[] asking, int[] wanted, Tensor logprobs) {
        this.rows = rows;
        this.asking = asking;
        this.wanted = wanted;
        this.logprobs = logprobs;
    }

    /** Computes what the rows ask for; the tensors live as long as the caller's scope. */
    static RawLogprobs of(Tensor logits, List<SamplingRow> rows) {
        int[] asking = IntStream.range(0, rows.size())
                .filter(i -> rows.get(i).params().topLogprobs().isPresent())
                .toArray();
        int[] wanted = Arrays.stream(asking)
                .map(i -> rows.get(i).params().topLogprobs().getAsInt())
                .toArray();
        Tensor logprobs = asking.length == 0
                ? logits
                : logits.index_select(0, HostTensors.indices(asking, logits.device()))
                        .log_softmax(1);
        return new RawLogprobs(rows.size(), asking, wanted, logprobs);
    }

    /** For each row, in order: its chosen token's log-probability and the likeliest alternatives, if it asked. */
    List<Optional<Logprobs>> of(long[] chosen) {
        List<Optional<Logprobs>> result = new ArrayList<>(Collections.nCopies(rows, Optional.empty()));
        if (asking.length == 0) {
            return result;
        }
        int[] tokens = Arrays.stream(asking).map(i -> (int) chosen[i]).toArray();
        Tensor ids = HostTensors.indices(tokens, logprobs.device()).unsqueeze(1); // [asking, 1]
        float[] own = HostTensors.toFloats(logprobs.gather(1, ids));
        int most = Math.min(Arrays.stream(wanted).max().orElseThrow(), (int) logprobs.size(1));
        T_TensorTensor_T top = logprobs.topk(most, 1, true, true); // [asking, most]
        float[] topValues = HostTensors.toFloats(top.get0());
        int[] topIds = Arrays.stream(HostTensors.toLongs(top.get1()))
                .mapToInt(Math::toIntExact)
                .toArray();
        for (int i = 0; i < asking.length; i++) {
            int from = i * most;
            int to = from + Math.min(wanted[i], most);
            Logprobs found =
                    new Logprobs(own[i], Arrays.copyOfRange(topIds, from, to), Arrays.copyOfRange(topValues, from, to));
            result.set(asking[i], Optional.of(found));
        }
        return result;
    }
}
