package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.StepInput;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.engine.schedule.SchedulerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final int MAX_MODEL_LEN = 64;
    private static final SchedulerConfig BOUNDS = new SchedulerConfig(8, 64, PrefixCaching.ON);

    @Test
    void computesPromptsAPictureAndAnswers() throws IOException {
        Watched model = new Watched();
        run(model, 32, Integer.MAX_VALUE);
        assertThat(model.pictures).isEqualTo(1);
        assertThat(model.rows).hasSizeGreaterThan(8).startsWith(16, 17, 18, 19).endsWith(1);
    }

    @Test
    void endsBeforeTheNextStepOnceSomebodyWaits() throws IOException {
        Watched model = new Watched();
        run(model, 32, 2);
        assertThat(model.rows).hasSize(2);
    }

    @Test
    void asksNoMoreThanASmallCacheHolds() throws IOException {
        Watched model = new Watched();
        run(model, 1, Integer.MAX_VALUE);
        assertThat(model.rows).isNotEmpty();
        assertThat(model.pictures).isZero();
    }

    @Test
    void leavesWhatFailsToTheFirstRequest() throws IOException {
        Watched model = new Watched() {
            @Override
            public Tensor forward(StepInput step, KvCache cache) {
                throw new IllegalStateException("broken");
            }
        };
        assertThatCode(() -> run(model, 32, Integer.MAX_VALUE)).doesNotThrowAnyException();
    }

    private static void run(Watched model, int blocks, int steps) {
        try (InferenceMode inference = new InferenceMode(true);
                KvCache cache = model.newCache(blocks, 16)) {
            new WarmUp(model, cache, BOUNDS, MAX_MODEL_LEN).run(() -> model.rows.size() >= steps);
        } finally {
            model.close();
        }
    }

    /** Notes what it is given. */
    private static class Watched extends FaultyModel {
        private final List<Integer> rows = new ArrayList<>();
        private int pictures;

        private Watched() throws IOException {}

        @Override
        public List<Tensor> encodeVision(List<VisionInput> inputs) {
            pictures += inputs.size();
            return super.encodeVision(inputs);
        }

        @Override
        public Tensor forward(StepInput step, KvCache cache) {
            rows.add(step.tokenIds().length);
            return super.forward(step, cache);
        }
    }
}
