package io.sparkvlm.engine;

import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.VisionSpan;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The vision tower's output for a sequence's images and videos, from the first step that reads it until the last: most
 * sequences wait with none and decode with none.
 */
final class VisionEmbeddings implements AutoCloseable {
    private final List<VisionInput> inputs;
    private final VisionCache cache;
    private final IdentityHashMap<VisionInput, Tensor> embeddings = new IdentityHashMap<>();

    VisionEmbeddings(List<VisionInput> inputs, VisionCache cache) {
        this.inputs = inputs;
        this.cache = cache;
    }

    /** Whether there is anything {@link #lacking}: asked of every sequence in every step, and seldom so. */
    boolean lacksFor(int from, int count) {
        for (VisionInput input : inputs) {
            if (isLacking(input, from, count)) {
                return true;
            }
        }
        return false;
    }

    /** What the tokens [from, from + count) of the sequence read and nothing before them has read. */
    List<VisionInput> lacking(int from, int count) {
        return inputs.stream().filter(input -> isLacking(input, from, count)).toList();
    }

    private boolean isLacking(VisionInput input, int from, int count) {
        return overlap(input, from, count) > 0 && !embeddings.containsKey(input);
    }

    /** Has encoded what the tokens [from, from + count) of the sequence read and nothing before them has read. */
    void encode(int from, int count) {
        lacking(from, count).forEach(input -> embeddings.put(input, cache.acquire(input)));
    }

    /**
     * What replaces the tokens [from, from + count) of the sequence where they are vision tokens; they must be encoded.
     *
     * @param firstRow the step's row of the first of them
     */
    List<VisionSpan> spans(int from, int count, int firstRow) {
        List<VisionSpan> spans = new ArrayList<>();
        for (VisionInput input : inputs) {
            int overlap = overlap(input, from, count);
            if (overlap > 0) {
                int start = Math.max(from, input.firstToken());
                spans.add(new VisionSpan(
                        firstRow + start - from, embeddings.get(input), start - input.firstToken(), overlap));
            }
        }
        return spans;
    }

    private static int overlap(VisionInput input, int from, int count) {
        int start = Math.max(from, input.firstToken());
        int end = Math.min(from + count, input.firstToken() + input.tokens());
        return end - start;
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
        if (embeddings.remove(input) != null) {
            cache.release(input);
        }
    }
}
