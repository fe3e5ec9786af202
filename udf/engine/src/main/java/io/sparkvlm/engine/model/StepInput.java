package io.sparkvlm.engine.model;

import io.sparkvlm.torch.attention.PagedSequence;
import java.util.List;

/**
 * One forward pass: the new tokens of several sequences, one sequence after the other.
 *
 * @param tokenIds one for each row
 * @param temporal rotary position, one for each row; height and width likewise
 * @param segments the sequences, which together cover all rows in order
 * @param vision which rows take embeddings of images and videos instead of their token's
 */
public record StepInput(
        int[] tokenIds, int[] temporal, int[] height, int[] width, List<Segment> segments, List<VisionSpan> vision) {
    public StepInput {
        segments = List.copyOf(segments);
        vision = List.copyOf(vision);
        int rows = tokenIds.length;
        if (temporal.length != rows || height.length != rows || width.length != rows) {
            throw new IllegalArgumentException("expected " + rows + " positions on each axis, found " + temporal.length
                    + ", " + height.length + " and " + width.length);
        }
        int covered = 0;
        for (Segment segment : segments) {
            if (segment.firstRow() != covered) {
                throw new IllegalArgumentException(
                        "expected a segment at row " + covered + ", found one at " + segment.firstRow());
            }
            covered += segment.rows();
        }
        if (covered != rows || rows == 0) {
            throw new IllegalArgumentException("expected segments of " + rows + " rows, found " + covered);
        }
        for (VisionSpan span : vision) {
            if (span.firstRow() + span.count() > rows) {
                throw new IllegalArgumentException(
                        "expected vision inside " + rows + " rows, found " + (span.firstRow() + span.count()));
            }
        }
    }

    List<PagedSequence> sequences() {
        return segments.stream().map(Segment::inBlocks).toList();
    }

    /** Whether each sequence adds one token, none of them an image's or a video's, and wants the next. */
    boolean isDecoding() {
        return vision.isEmpty() && segments.stream().allMatch(segment -> segment.rows() == 1 && segment.wantsLogits());
    }

    /** Rotary positions, [rows, 3]: on the axes of time, height and width. */
    float[] positions() {
        float[] positions = new float[3 * rows()];
        for (int row = 0; row < rows(); row++) {
            positions[3 * row] = temporal[row];
            positions[3 * row + 1] = height[row];
            positions[3 * row + 2] = width[row];
        }
        return positions;
    }

    int rows() {
        return tokenIds.length;
    }
}
