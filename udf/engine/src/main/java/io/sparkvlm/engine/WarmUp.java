package io.sparkvlm.engine;

import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.api.MropePositions;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.api.Prompt;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.api.StopRules;
import io.sparkvlm.api.TokenListener;
import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.VisionLanguageModel;
import io.sparkvlm.engine.profile.StepClock;
import io.sparkvlm.engine.profile.Trace;
import io.sparkvlm.engine.schedule.BlockPool;
import io.sparkvlm.engine.schedule.Scheduler;
import io.sparkvlm.engine.schedule.SchedulerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Made-up requests that an engine answers as it opens, as long as no request waits: the first steps of a process load classes and
 * kernels. They run in a loop of their own, so that no figure counts them.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** As many as a picture takes. */
    private static final int PROMPT_TOKENS = 16;

    /** More would have Java compile the steps too, at the cost of whatever else starts then. */
    private static final int ANSWER_TOKENS = 4;

    private static final int SEQUENCES = 8;

    /** Of a large model the first steps have loaded what there is to load, and others would take the processors from Spark's start. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final int TOKENS_ALONG_A_PICTURE = 4;

    private static final List<SamplingParams> SAMPLING = List.of(
            SamplingParams.GREEDY,
            SamplingParams.GREEDY,
            new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, OptionalInt.empty()),
            new SamplingParams(1, 0.9, 0, 0, 0, 0, 1, 0, OptionalInt.empty()));

    private final VisionLanguageModel model;
    private final KvCache cache;
    private final SchedulerConfig bounds;
    private final int maxModelLen;

    /** What an engine of this model and cache would do; the cache must not hold anything. */
    WarmUp(VisionLanguageModel model, KvCache cache, SchedulerConfig bounds, int maxModelLen) {
        this.model = model;
        this.cache = cache;
        this.bounds = bounds;
        this.maxModelLen = maxModelLen;
    }

    /**
     * Computes steps until they are done, a second is over or somebody waits. What fails here is not said: the first
     * request finds it too.
     *
     * @param awaited asked before each step
     */
    void run(BooleanSupplier awaited) {
        try (VisionCache visionCache = new VisionCache(model::encodeVision, 0)) {
            EngineLoop loop = new EngineLoop(
                    model,
                    cache,
                    visionCache,
                    new Scheduler(bounds, new BlockPool(cache.blocks(), cache.blockSizeTokens())),
                    new StepClock(Trace.OFF));
            try {
                long start = System.nanoTime();
                Iterator<GenerationTask> tasks = tasks().iterator();
                while ((tasks.hasNext() || !loop.idle())
                        && !awaited.getAsBoolean()
                        && System.nanoTime() - start < LONGEST.toNanos()) {
                    if (tasks.hasNext()) { // one a step: who comes meanwhile waits for a short one
                        GenerationTask task = tasks.next();
                        loop.add(new LiveSequence(task, task.stop().maxTokens(), visionCache));
                    }
                    loop.step();
                }
            } finally {
                loop.fail(new EngineException("the engine is warm"));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("The engine could not be warmed up: {}", e.toString());
        }
    }

    private List<GenerationTask> tasks() {
        int most = Math.min(maxModelLen, cache.blocks() * cache.blockSizeTokens());
        int promptTokens = Math.min(PROMPT_TOKENS, most / 2);
        int answerTokens = Math.min(ANSWER_TOKENS, most / 2);
        if (answerTokens < 1) {
            return List.of();
        }
        List<GenerationTask> tasks = new ArrayList<>();
        for (int i = 0; i < Math.min(SEQUENCES, bounds.maxNumSeqs()); i++) {
            tasks.add(new GenerationTask(
                    prompt(i, promptTokens),
                    SAMPLING.get(i % SAMPLING.size()),
                    new StopRules(answerTokens, 0, Set.of()),
                    TokenListener.NONE));
        }
        return tasks;
    }

    /** The second has a picture. */
    private Prompt prompt(int number, int tokens) {
        int[] ids = IntStream.range(0, tokens)
                .map(i -> (number + i) % model.vocabSize())
                .toArray();
        int[] places = IntStream.range(0, tokens).toArray();
        int patches = TOKENS_ALONG_A_PICTURE * model.geometry().mergeSize();
        PatchGrid grid = new PatchGrid(1, patches, patches, model.geometry());
        List<VisionInput> pictures = number == 1 && grid.tokens() <= tokens
                ? List.of(new VisionInput(new byte[(int) grid.patchBytes()], grid, 0, "warm-up"))
                : List.of();
        return new Prompt(ids, new MropePositions(places, places, places, tokens), pictures);
    }
}
