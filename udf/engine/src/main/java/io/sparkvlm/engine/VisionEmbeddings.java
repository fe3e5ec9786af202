package io.sparkvlm.engine;

import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.model.VisionSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The vision tower's output for a sequence's images and videos, from the first step that reads it until the last: most
 * sequences wait with none and decode with none.
 */
final class VisionEmbeddings implements AutoCloseable {
    private final List<VisionInput> inputs;
    private final Map<VisionInput, Tensor> embeddings = new HashMap<>();

    VisionEmbeddings(List<VisionInput> inputs) {
        this.inputs = inputs;
    }

    /**
     * What replaces the tokens [from, from + count) of the sequence where they are vision tokens.
     *
     * @param firstRow the step's row of the first of them
     */
    List<VisionSpan> spans(int from, int count, int firstRow, Qwen2Vl model) {
        List<VisionSpan> spans = new ArrayList<>();
        for (VisionInput input : inputs) {
            int start = Math.max(from, input.firstToken());
            int end = Math.min(from + count, input.firstToken() + input.tokens());
            if (start < end) {
                Tensor embedded = embeddings.computeIfAbsent(input, model::encodeVision);
                spans.add(new VisionSpan(firstRow + start - from, embedded, start - input.firstToken(), end - start));
            }
        }
        return spans;
    }

    /** Frees what no token from this one on reads. */
    void releaseBefore(int token) {
        for (VisionInput input : inputs) {
            if (input.firstToken() + input.tokens() <= token) {
                release(input);
            }
        }
    }

    @Override
    public void close() {
        inputs.forEach(this::release);
    }

    private void release(VisionInput input) {
        Tensor embedded = embeddings.remove(input);
        if (embedded != null) {
            embedded.close();
        }
    }
}
