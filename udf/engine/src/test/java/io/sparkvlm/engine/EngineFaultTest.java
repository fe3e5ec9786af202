package io.sparkvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.IncurableException;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.Reference;
import io.sparkvlm.engine.model.StepInput;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.TestDevice;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class EngineFaultTest {
    private static final int ROWS = 20;

    @Test
    void aModelThatGivesNumbersToNoRowIsIncurable() throws IOException {
        try (BatchingEngine engine = BatchingEngine.start(config(), new Nan(0))) {
            List<CompletableFuture<Outcome<Generation>>> answers = submit(engine);
            assertThatThrownBy(() -> answers.get(ROWS - 1).join())
                    .hasCauseInstanceOf(EngineException.class)
                    .hasRootCauseInstanceOf(IncurableException.class)
                    .hasStackTraceContaining("found NaN for each of the first 8 rows");
        }
    }

    @Test
    void rowsWithoutNumbersAreErrorsOnceAnotherHadSome() throws IOException {
        try (BatchingEngine engine = BatchingEngine.start(config(), new Nan(1))) {
            List<CompletableFuture<Outcome<Generation>>> answers = submit(engine);
            List<Optional<Rejection>> rejections = answers.stream()
                    .map(answer -> answer.join().fold(generation -> Optional.<Rejection>empty(), Optional::of))
                    .toList();
            assertThat(rejections).hasSize(ROWS);
            assertThat(rejections.stream().flatMap(Optional::stream))
                    .isNotEmpty()
                    .allMatch(rejection -> rejection.code() == EngineCode.SERVER_ERROR);
            assertThat(rejections).contains(Optional.empty());
        }
    }

    /** Gives numbers for so many steps, and then none. */
    private static final class Nan extends FaultyModel {
        private int steps;

        private Nan(int steps) throws IOException {
            this.steps = steps;
        }

        @Override
        public Tensor forward(StepInput step, KvCache cache) {
            Tensor logits = super.forward(step, cache);
            return steps-- > 0 ? logits : logits.fill_(new Scalar(Float.NaN));
        }
    }

    private static List<CompletableFuture<Outcome<Generation>>> submit(BatchingEngine engine) throws IOException {
        Reference reference = Reference.all(Reference.folders().get(0)).get(0);
        List<CompletableFuture<Outcome<Generation>>> answers = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            answers.add(engine.submit(new GenerationTask(
                    reference.prompt(), SamplingParams.GREEDY, new StopRules(1, 0, Set.of()), TokenListener.NONE)));
        }
        return answers;
    }

    private static EngineConfig config() throws IOException {
        return new EngineConfig(
                Reference.folders().get(0).resolve("checkpoint"),
                DeviceMesh.of(TestDevice.chosen()),
                DType.FLOAT32,
                Quantization.NONE,
                OptionalInt.empty(),
                4,
                64,
                new CacheConfig(16, OptionalLong.of(16 << 20), PrefixCaching.ON, 0),
                1,
                Optional.empty());
    }
}
