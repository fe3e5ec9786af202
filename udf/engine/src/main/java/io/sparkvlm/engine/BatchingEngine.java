package io.sparkvlm.engine;

import io.sparkvlm.api.Engine;
import io.sparkvlm.api.EngineCounters;
import io.sparkvlm.api.EngineException;
import io.sparkvlm.api.Generation;
import io.sparkvlm.api.GenerationTask;
import io.sparkvlm.engine.model.KvCache;
import io.sparkvlm.engine.model.Qwen2Vl;
import io.sparkvlm.engine.model.VisionLanguageModel;
import io.sparkvlm.engine.profile.StepClock;
import io.sparkvlm.engine.profile.Trace;
import io.sparkvlm.engine.profile.TraceFile;
import io.sparkvlm.engine.schedule.BlockPool;
import io.sparkvlm.engine.schedule.Scheduler;
import io.sparkvlm.engine.schedule.SchedulerConfig;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.torch.TensorScope;
import io.sparkvlm.torch.TorchThreads;
import io.sparkvlm.torch.device.DeviceMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.pytorch.InferenceMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Qwen2-VL engine that batches continuously: a task submitted while others run joins them at the next step.
 *
 * <p>Thread-safe. One thread of its own computes; callers meet it in the inbox alone.
 */
public final class BatchingEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(BatchingEngine.class);

    /** Longer than one operator takes. */
    private static final long STUCK_MILLIS = 60_000;

    /** What the engine's thread begins with. */
    private enum FirstSteps {
        WARM_UP,
        TASKS
    }

    private final EngineConfig config;
    private final VisionLanguageModel model;
    private final KvCache cache;
    private final VisionCache visionCache;
    private final Trace trace;
    private final StepClock clock;
    private final EngineLoop loop;
    private final Scheduler scheduler;
    private final int maxModelLen;
    private final FirstSteps firstSteps;
    private final Thread thread;

    private final Object inboxLock = new Object();
    private List<LiveSequence> inbox = new ArrayList<>();
    private Optional<EngineException> ended = Optional.empty();

    private BatchingEngine(
            EngineConfig config,
            VisionLanguageModel model,
            KvCache cache,
            Scheduler scheduler,
            int maxModelLen,
            FirstSteps firstSteps) {
        this.config = config;
        this.trace = config.profile().map(TraceFile::open).orElse(Trace.OFF);
        this.clock = new StepClock(trace);
        this.model = model;
        this.cache = cache;
        this.scheduler = scheduler;
        this.maxModelLen = maxModelLen;
        this.firstSteps = firstSteps;
        this.visionCache = new VisionCache(model::encodeVision, config.cache().visionBytes());
        this.loop = new EngineLoop(model, cache, visionCache, scheduler, clock);
        this.thread = new Thread(this::run, "sparkvlm-engine");
        thread.setDaemon(true);
    }

    /**
     * Reads the checkpoint, takes the cache's memory and starts the engine's thread, which warms up until a task comes.
     *
     * @throws IOException when the checkpoint cannot be read; the message names file and tensor
     * @throws IllegalArgumentException when the configuration does not fit the checkpoint or the device
     */
    public static BatchingEngine open(EngineConfig config) throws IOException {
        SchedulerConfig bounds = bounds(config); // judged before the weights are read
        TorchThreads.use(Math.max(1, config.threads() / config.mesh().ranksPerDevice())); // ranks compute at once
        return start(
                config,
                bounds,
                Qwen2Vl.load(config.checkpoint(), config.mesh(), config.dtype(), config.quantization()),
                FirstSteps.WARM_UP);
    }

    /** An engine that drives this model, which is its own from here on; its first step is a task's. */
    static BatchingEngine start(EngineConfig config, VisionLanguageModel model) {
        return start(config, bounds(config), model, FirstSteps.TASKS);
    }

    private static SchedulerConfig bounds(EngineConfig config) {
        return new SchedulerConfig(
                config.maxNumSeqs(),
                config.maxNumBatchedTokens(),
                config.cache().prefixes());
    }

    private static BatchingEngine start(
            EngineConfig config, SchedulerConfig bounds, VisionLanguageModel model, FirstSteps firstSteps) {
        try {
            return withCache(config, bounds, model, firstSteps);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static KvCache newCache(VisionLanguageModel model, int blocks, CacheConfig cache) {
        try {
            return model.newCache(blocks, cache.blockSizeTokens());
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!DeviceMemory.ranOut(e)) {
                throw e;
            }
            long bytes = blocks * model.cacheBytesPerBlock(cache.blockSizeTokens());
            IllegalStateException tooLarge = new IllegalStateException("expected memory for " + bytes
                    + " bytes of keys and values, found too little: set a smaller --kv-cache-memory-bytes");
            tooLarge.addSuppressed(e);
            throw tooLarge;
        }
    }

    private static BatchingEngine withCache(
            EngineConfig config, SchedulerConfig bounds, VisionLanguageModel model, FirstSteps firstSteps) {
        int maxModelLen = config.contextOf(model.maxPositions());
        int blocks = new CacheSize(
                        config,
                        maxModelLen,
                        model.cacheBytesPerBlock(config.cache().blockSizeTokens()),
                        model.stepBytes(ModelMemory.limits(config, maxModelLen)))
                .blocks();
        KvCache cache = newCache(model, blocks, config.cache());
        try {
            Scheduler scheduler =
                    new Scheduler(bounds, new BlockPool(blocks, config.cache().blockSizeTokens()));
            BatchingEngine engine = new BatchingEngine(config, model, cache, scheduler, maxModelLen, firstSteps);
            engine.thread.start();
            LOG.info(
                    "Engine open: {} on {} in {}, {} cache blocks of {} tokens",
                    config.checkpoint().getFileName(),
                    config.mesh(),
                    config.dtype().wireName(),
                    blocks,
                    config.cache().blockSizeTokens());
            return engine;
        } catch (RuntimeException | Error e) {
            cache.close();
            throw e;
        }
    }

    /** @throws IllegalArgumentException when a token id is not in the checkpoint's vocabulary */
    @Override
    public CompletableFuture<Outcome<Generation>> submit(GenerationTask task) {
        Arrays.stream(task.prompt().tokenIds()).forEach(this::requireInVocabulary);
        task.stop().stopIds().forEach(this::requireInVocabulary);
        int promptTokens = task.prompt().tokens();
        int maxTokens = Math.max(1, Math.min(task.stop().maxTokens(), maxModelLen - promptTokens));
        LiveSequence sequence = new LiveSequence(task, maxTokens, visionCache);
        Optional<Rejection> tooLong = tooLong(promptTokens);
        synchronized (inboxLock) {
            ended.ifPresent(reason -> {
                throw new EngineException(reason.getMessage(), reason);
            });
            if (tooLong.isEmpty()) {
                inbox.add(sequence);
                inboxLock.notifyAll();
            }
        }
        tooLong.ifPresent(rejection -> sequence.future().complete(Outcome.rejected(rejection)));
        return sequence.future();
    }

    @Override
    public EngineCounters counters() {
        return loop.counters();
    }

    /** Finer than steps, of which one may take minutes on a slow CPU. */
    @Override
    public long progress() {
        return TensorScope.opened();
    }

    @Override
    public void close() {
        end(new EngineException("the engine was closed"));
        boolean interrupted = false;
        boolean stuck = false;
        while (thread.isAlive() && Thread.currentThread() != thread && !stuck) {
            long before = progress();
            try {
                thread.join(STUCK_MILLIS);
                stuck = thread.isAlive() && progress() == before;
            } catch (InterruptedException e) {
                interrupted = true; // the device must be free when this returns
            }
        }
        if (stuck) {
            LOG.error("The engine's thread is stuck; what it holds is free when the process ends.");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireInVocabulary(int id) {
        int vocabulary = model.vocabSize();
        if (id < 0 || id >= vocabulary) {
            throw new IllegalArgumentException("expected token ids below " + vocabulary + ", found " + id);
        }
    }

    private Optional<Rejection> tooLong(int promptTokens) {
        if (promptTokens >= maxModelLen) {
            return Optional.of(Rejection.of(
                    RequestCode.CONTEXT_LENGTH_EXCEEDED,
                    "expected a prompt of fewer than " + maxModelLen + " tokens, found " + promptTokens));
        }
        if (!scheduler.fitsAlone(promptTokens + 1)) {
            return Optional.of(Rejection.of(
                    EngineCode.ENGINE_OUT_OF_MEMORY,
                    "expected a prompt that fits the key-value cache alone, found " + promptTokens
                            + " tokens; set a larger --kv-cache-memory-bytes"));
        }
        return Optional.empty();
    }

    private void run() {
        try (InferenceMode inference = new InferenceMode(true)) {
            if (firstSteps == FirstSteps.WARM_UP) {
                new WarmUp(model, cache, bounds(config), maxModelLen).run(this::isAwaited);
            }
            while (takeIn()) {
                loop.step();
            }
        } catch (RuntimeException | Error e) { // whatever it was, no caller may wait for ever
            end(new EngineException("the engine failed: " + e.getMessage(), e));
            LOG.error("The engine failed; what it was computing is lost and may be retried.", e);
        } finally {
            failWhatIsLeft();
            free();
        }
    }

    private boolean isAwaited() {
        synchronized (inboxLock) {
            return !inbox.isEmpty() || ended.isPresent();
        }
    }

    /** Takes in what was submitted, waiting for it when there is nothing else to do; false once the engine has ended. */
    private boolean takeIn() {
        synchronized (inboxLock) {
            while (loop.idle() && inbox.isEmpty() && ended.isEmpty()) {
                try {
                    inboxLock.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the engine's thread was interrupted", e);
                }
            }
            inbox.forEach(loop::add);
            inbox = new ArrayList<>();
            return ended.isEmpty();
        }
    }

    /** Lets nothing more in; the engine's thread ends what is in it before its next step. */
    private void end(EngineException reason) {
        synchronized (inboxLock) {
            if (ended.isEmpty()) {
                ended = Optional.of(reason);
            }
            inboxLock.notifyAll();
        }
    }

    private void failWhatIsLeft() {
        List<LiveSequence> neverTakenIn;
        EngineException reason;
        synchronized (inboxLock) {
            neverTakenIn = inbox;
            inbox = new ArrayList<>();
            reason = ended.orElseThrow();
        }
        neverTakenIn.forEach(sequence -> sequence.future().completeExceptionally(reason));
        try {
            loop.fail(reason);
        } catch (RuntimeException e) {
            LOG.error("What the engine's sequences held could not be freed.", e);
        }
    }

    private void free() {
        try {
            visionCache.close();
            cache.close();
        } finally {
            model.close();
            trace.close();
        }
        config.mesh().devices().stream().distinct().forEach(DeviceMemory::giveBackUnused);
    }
}
