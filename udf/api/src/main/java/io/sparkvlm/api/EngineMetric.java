package io.sparkvlm.api;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/** The numbers of {@link EngineCounters} that people watch, under one name wherever they are shown. */
public enum EngineMetric {
    SEQUENCES_RUNNING(Kind.GAUGE, "Sequences that hold cache blocks.", EngineCounters::running),
    SEQUENCES_WAITING(Kind.GAUGE, "Sequences in the engine that hold none.", EngineCounters::waiting),
    SEQUENCES(Kind.COUNTER, "Sequences that the engine has ended.", EngineCounters::finished),
    STEPS(Kind.COUNTER, "Forward passes of the language model.", EngineCounters::steps),
    PROMPT_TOKENS(Kind.COUNTER, "Prompt tokens computed.", EngineCounters::promptTokens),
    COMPLETION_TOKENS(Kind.COUNTER, "Tokens generated.", EngineCounters::completionTokens),
    CACHED_TOKENS(Kind.COUNTER, "Prompt tokens found in the cache.", EngineCounters::cachedTokens),
    CACHE_BLOCKS(Kind.GAUGE, "Blocks of the key-value cache.", EngineCounters::blocks),
    CACHE_BLOCKS_USED(Kind.GAUGE, "Blocks that sequences hold.", EngineCounters::usedBlocks),
    PREEMPTIONS(Kind.COUNTER, "Sequences that gave up their blocks.", EngineCounters::preemptions),
    ENCODED_MEDIA(Kind.COUNTER, "Images and videos encoded.", EngineCounters::encodedMedia),
    CACHED_MEDIA(Kind.COUNTER, "Images and videos found encoded.", EngineCounters::cachedMedia),
    VISION_SECONDS(Kind.COUNTER, "Time in the vision tower.", seconds(EngineTimes::vision)),
    PREFILL_SECONDS(Kind.COUNTER, "Time in steps that compute prompts.", seconds(EngineTimes::prefill)),
    DECODE_SECONDS(Kind.COUNTER, "Time in steps that compute a token of each answer.", seconds(EngineTimes::decode)),
    SAMPLING_SECONDS(Kind.COUNTER, "Time choosing tokens.", seconds(EngineTimes::sampling)),
    OTHER_SECONDS(Kind.COUNTER, "Time planning steps and telling what came of them.", seconds(EngineTimes::other)),
    IDLE_SECONDS(Kind.COUNTER, "Time with nothing to do.", seconds(EngineTimes::idle));

    private final Kind kind;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // those above hold nothing
    private final Function<EngineCounters, Number> value;

    EngineMetric(Kind kind, String help, Function<EngineCounters, Number> value) {
        this.kind = kind;
        this.help = help;
        this.value = value;
    }

    /** Whether a number only grows. */
    public enum Kind {
        COUNTER,
        GAUGE
    }

    public Kind kind() {
        return kind;
    }

    /** What it counts, in a sentence. */
    public String help() {
        return help;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Number of(EngineCounters counters) {
        return value.apply(counters);
    }

    private static Function<EngineCounters, Number> seconds(Function<EngineTimes, Duration> time) {
        return counters -> time.apply(counters.times()).toNanos() / 1e9;
    }
}
