package io.sparkvlm.spark.settings;

import io.sparkvlm.preprocessing.ContextLimit;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.spark.hadoop.MediaRoots;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Holds the preprocessing that a job was configured with; travels to the executors with the tasks.
 *
 * @param model a folder or Org/Name, see {@link ModelFolder}
 * @param roots folders of Hadoop's file systems that requests may name files in
 * @param dropColumns columns of the input that are not carried to the output; requests may name them nevertheless
 */
public record PreprocessingSettings(String model, PreprocessingConfig config, MediaRoots roots, Set<String> dropColumns)
        implements Serializable {
    /** A job on one machine comes to its tasks in seconds; on a cluster they run elsewhere. */
    private static final Duration STAYS_OPEN = Duration.ofMinutes(1);

    /** Static, because the options of a command and its tasks have nothing but the process in common. */
    private static final AtomicReference<Optional<LeftOpen>> LEFT = new AtomicReference<>(Optional.empty());

    public PreprocessingSettings {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(roots, "roots");
        dropColumns = Set.copyOf(dropColumns);
    }

    /** The folders of Hadoop's file systems that requests may name files in. */
    public List<String> mediaRoots() {
        return roots.roots();
    }

    /** These settings for requests that may ask for so many choices each. */
    public PreprocessingSettings withMostChoices(int choices) {
        return new PreprocessingSettings(model, config.withMostChoices(choices), roots, dropColumns);
    }

    /** Reads a {@code max-model-len} that is a number, or {@value EngineSettings#AUTO}. */
    public static ContextLimit contextLimit(String maxModelLen) {
        return EngineSettings.number("max-model-len", maxModelLen).stream()
                .mapToObj(ContextLimit::new)
                .findFirst()
                .orElse(ContextLimit.OF_THE_MODEL);
    }

    /**
     * Opens the checkpoint's tokenizer and template on this machine, or takes what {@link #leaveOpen} has of equal settings.
     *
     * @throws IOException when the checkpoint cannot be read
     * @throws IllegalArgumentException naming the setting that is out of its range
     */
    public Preprocessor open() throws IOException {
        Optional<LeftOpen> left = LEFT.getAndSet(Optional.empty());
        if (left.isPresent() && left.get().settings.equals(this)) {
            return left.get().preprocessor;
        }
        left.ifPresent(it -> it.preprocessor.close());
        return opened();
    }

    private Preprocessor opened() throws IOException {
        return Preprocessor.open(
                ModelFolder.ofThisMachine().resolve(model),
                config,
                roots.open().stream().toList());
    }

    /**
     * Opens them once, before there are tasks, and leaves them open for the next who opens equal ones in this process within a
     * minute: it takes a second.
     *
     * @throws IOException as {@link #open} does
     */
    public void check() throws IOException {
        leaveOpen(opened());
    }

    /**
     * Leaves what these settings opened open, as {@link #check} does, for the caller who needs it no more.
     *
     * @param opened of {@link #open}; this closes it
     */
    public void leaveOpen(Preprocessor opened) {
        CompletableFuture<?> unused = leaveOpen(opened, STAYS_OPEN);
    }

    /** What comes back is done when it is not left open any more. */
    CompletableFuture<Void> leaveOpen(Preprocessor opened, Duration leftOpen) {
        Optional<LeftOpen> left = Optional.of(new LeftOpen(this, opened));
        LEFT.getAndSet(left).ifPresent(it -> it.preprocessor.close());
        return CompletableFuture.runAsync(
                () -> {
                    if (LEFT.compareAndSet(left, Optional.empty())) {
                        left.get().preprocessor.close();
                    }
                },
                CompletableFuture.delayedExecutor(leftOpen.toMillis(), TimeUnit.MILLISECONDS));
    }

    private record LeftOpen(PreprocessingSettings settings, Preprocessor preprocessor) {}
}
