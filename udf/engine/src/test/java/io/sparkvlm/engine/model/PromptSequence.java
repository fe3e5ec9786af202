package io.sparkvlm.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A sequence as a test drives it: a prompt, where its vision goes, its blocks, and what was generated so far. */
final class PromptSequence {
    /** The embeddings of one image or video, and where in the prompt they start. */
    record Vision(int firstToken, Tensor embeddings) {}

    private final int[] promptIds;
    private final int[][] positions;
    private final int nextPosition;
    private final List<Vision> vision;
    private final int[] blockTable;
    private final List<Integer> generated = new ArrayList<>();
    private int computed;

    /** @param positions temporal, height and width, one for each prompt token */
    PromptSequence(int[] promptIds, int[][] positions, List<Vision> vision, int[] blockTable) {
        this.promptIds = promptIds;
        this.positions = positions;
        this.nextPosition =
                Arrays.stream(positions).flatMapToInt(Arrays::stream).max().orElseThrow() + 1;
        this.vision = vision;
        this.blockTable = blockTable;
    }

    int length() {
        return promptIds.length + generated.size();
    }

    int pending() {
        return length() - computed;
    }

    List<Integer> generated() {
        return generated;
    }

    void append(int token) {
        generated.add(token);
    }

    int token(int index) {
        return index < promptIds.length ? promptIds[index] : generated.get(index - promptIds.length);
    }

    int position(int axis, int index) {
        return index < promptIds.length ? positions[axis][index] : nextPosition + index - promptIds.length;
    }

    /** A step in which each of the sequences computes some of its pending tokens. */
    static StepInput step(List<PromptSequence> sequences, int[] rows) {
        int total = Arrays.stream(rows).sum();
        int[] ids = new int[total];
        int[][] positions = new int[3][total];
        List<Segment> segments = new ArrayList<>();
        List<VisionSpan> spans = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < rows.length; i++) {
            PromptSequence sequence = sequences.get(i);
            int context = sequence.computed;
            for (int row = 0; row < rows[i]; row++) {
                ids[first + row] = sequence.token(context + row);
                for (int axis = 0; axis < 3; axis++) {
                    positions[axis][first + row] = sequence.position(axis, context + row);
                }
            }
            boolean last = context + rows[i] == sequence.length();
            segments.add(new Segment(first, rows[i], context, sequence.blockTable, last));
            for (Vision vision : sequence.vision) {
                int from = Math.max(context, vision.firstToken());
                int to = Math.min(
                        context + rows[i],
                        vision.firstToken() + (int) vision.embeddings().size(0));
                if (from < to) {
                    spans.add(new VisionSpan(
                            first + from - context, vision.embeddings(), from - vision.firstToken(), to - from));
                }
            }
            sequence.computed += rows[i];
            first += rows[i];
        }
        return new StepInput(ids, positions[0], positions[1], positions[2], segments, spans);
    }
}
