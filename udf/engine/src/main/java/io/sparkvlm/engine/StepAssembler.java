package io.sparkvlm.engine;

import io.sparkvlm.api.MropePositions;
import io.sparkvlm.engine.model.Segment;
import io.sparkvlm.engine.model.StepInput;
import io.sparkvlm.engine.model.VisionSpan;
import io.sparkvlm.engine.schedule.Sequence;
import io.sparkvlm.engine.schedule.StepPlan;
import io.sparkvlm.engine.schedule.StepPlan.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gathers what the model reads to compute a plan: token ids, positions, segments and vision embeddings. */
final class StepAssembler {
    StepInput assemble(StepPlan plan, Map<Sequence, LiveSequence> live) {
        int rows = plan.tokens();
        int[] tokenIds = new int[rows];
        int[] temporal = new int[rows];
        int[] height = new int[rows];
        int[] width = new int[rows];
        List<Segment> segments = new ArrayList<>();
        List<VisionSpan> vision = new ArrayList<>();
        int row = 0;
        for (Slice slice : plan.slices()) {
            LiveSequence sequence = live.get(slice.sequence());
            MropePositions positions = sequence.task().prompt().positions();
            segments.add(new Segment(
                    row, slice.count(), slice.from(), slice.sequence().blockTable(), slice.completes()));
            vision.addAll(sequence.vision().spans(slice.from(), slice.count(), row));
            for (int token = slice.from(); token < slice.from() + slice.count(); token++) {
                tokenIds[row] = slice.sequence().tokenId(token);
                temporal[row] = sequence.position(positions.temporal(), token);
                height[row] = sequence.position(positions.height(), token);
                width[row] = sequence.position(positions.width(), token);
                row++;
            }
        }
        return new StepInput(tokenIds, temporal, height, width, segments, vision);
    }
}
