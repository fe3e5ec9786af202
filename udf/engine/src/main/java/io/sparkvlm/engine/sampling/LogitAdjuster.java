package io.sparkvlm.engine.sampling;

import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.torch.HostTensors;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Applies bans and penalties to a row of logits. They touch few tokens, so each is gathered, changed, put back. */
final class LogitAdjuster {
    private LogitAdjuster() {}

    static boolean changes(SamplingRow row) {
        SamplingParams params = row.params();
        return !row.bannedIds().isEmpty()
                || params.repetitionPenalty() != 1
                || (countsGenerated(params) && row.history().generated() > 0);
    }

    /** Changes one row of logits, float32 [vocab], in place; call it in a scope. */
    static void apply(Tensor logits, SamplingRow row) {
        SamplingParams params = row.params();
        if (params.repetitionPenalty() != 1) {
            repetition(logits, row.history().seenIds(), params.repetitionPenalty());
        }
        if (countsGenerated(params) && row.history().generated() > 0) {
            frequencyAndPresence(logits, row.history().generatedCounts(), params);
        }
        if (!row.bannedIds().isEmpty()) {
            int[] banned = row.bannedIds().stream().mapToInt(Integer::intValue).toArray();
            logits.index_fill_(0, HostTensors.indices(banned, logits.device()), new Scalar(Float.NEGATIVE_INFINITY));
        }
    }

    private static boolean countsGenerated(SamplingParams params) {
        return params.frequencyPenalty() != 0 || params.presencePenalty() != 0;
    }

    private static void repetition(Tensor logits, int[] seenIds, double penalty) {
        Tensor ids = HostTensors.indices(seenIds, logits.device());
        Tensor seen = logits.index_select(0, ids);
        Scalar factor = new Scalar(penalty);
        Tensor penalized = torch.where(seen.gt(new Scalar(0f)), seen.div(factor), seen.mul(factor));
        logits.index_copy_(0, ids, penalized);
    }

    private static void frequencyAndPresence(Tensor logits, Map<Integer, Integer> counts, SamplingParams params) {
        int[] ids = new int[counts.size()];
        float[] penalties = new float[ids.length];
        int i = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            ids[i] = entry.getKey();
            penalties[i] = (float) -(params.frequencyPenalty() * entry.getValue() + params.presencePenalty());
            i++;
        }
        Device device = logits.device();
        logits.index_add_(0, HostTensors.indices(ids, device), HostTensors.floats(penalties, device));
    }
}
