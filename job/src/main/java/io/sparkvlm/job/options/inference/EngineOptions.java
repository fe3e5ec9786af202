package io.sparkvlm.job.options.inference;

import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.spark.settings.EngineSettings;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.quantization.Quantization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that describe the engine of each executor. */
@HelpGroup.Of(HelpGroup.MODEL_AND_ENGINE)
public final class EngineOptions {
    @Option(
            names = "--dtype",
            defaultValue = "bfloat16",
            converter = DTypeConverter.class,
            paramLabel = "DTYPE",
            description =
                    "Element type of the computation: bfloat16, float32 (or float), or auto, which is bfloat16 (default: ${DEFAULT-VALUE}).")
    private DType dtype;

    @Option(
            names = {"--quantization", "-q"},
            defaultValue = "none",
            converter = QuantizationConverter.class,
            paramLabel = "KIND",
            description =
                    "Round the language model's weights when they are loaded: none, a16w8 (8 bits), a16w4 (4 bits), or"
                            + " a8w8 (8 bits, activations too) (default: ${DEFAULT-VALUE}).")
    private Quantization quantization;

    @Option(
            names = "--device",
            defaultValue = EngineSettings.AUTO,
            converter = DeviceConverter.class,
            paramLabel = "DEVICE",
            description =
                    "cpu, cuda, cuda:N or auto, which takes a GPU where there is one (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = {"--tensor-parallel-size", "-tp"},
            defaultValue = "1",
            paramLabel = "N",
            description = "Devices of one executor that the model is split over (default: ${DEFAULT-VALUE}).")
    private int tensorParallelSize;

    @Mixin
    private MaxModelLenOption context;

    @Option(
            names = "--max-num-seqs",
            defaultValue = "64",
            paramLabel = "N",
            description = "Rows that an engine works on at once (default: ${DEFAULT-VALUE}).")
    private int maxNumSeqs;

    @Option(
            names = "--max-num-batched-tokens",
            defaultValue = "2048",
            converter = TokenCount.Converter.class,
            paramLabel = "TOKENS",
            description = "Tokens of one step of the engine (default: ${DEFAULT-VALUE}).")
    private int maxNumBatchedTokens;

    @Option(
            names = "--kv-cache-memory-bytes",
            defaultValue = EngineSettings.AUTO,
            paramLabel = "SIZE",
            description = "Memory for keys and values, as 4g, or auto (default: ${DEFAULT-VALUE}).")
    private String kvCacheMemory;

    @Option(
            names = "--enable-prefix-caching",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Rows that begin alike share what was computed for their beginning (default:"
                    + " ${DEFAULT-VALUE}).")
    private boolean prefixCaching;

    @Option(
            names = "--vision-cache-memory-bytes",
            defaultValue = "256m",
            paramLabel = "SIZE",
            description = "Memory for the embeddings of images and videos that come again, as 1g; 0 keeps none"
                    + " (default: ${DEFAULT-VALUE}).")
    private String visionCacheMemory;

    @Option(
            names = "--threads",
            defaultValue = EngineSettings.AUTO,
            paramLabel = "N",
            description =
                    "Threads of one operator on the CPU, or auto: all of the machine (default:" + " ${DEFAULT-VALUE}).")
    private String threads;

    @Option(
            names = "--engine-stall-timeout",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description =
                    "An engine that computes nothing for so long, while rows are in it, is stuck: its executor ends"
                            + " and another is started (default: ${DEFAULT-VALUE}).")
    private int stallTimeoutSeconds;

    @Option(
            names = "--profile",
            defaultValue = "",
            paramLabel = "FILE",
            description =
                    "Write a trace of the engine's steps that Chrome's trace viewer and Perfetto open (default: none).")
    private String profile;

    /** The options by default. */
    public static EngineOptions defaults() {
        return of();
    }

    /** The options as a command line of these arguments has them. */
    public static EngineOptions of(String... arguments) {
        EngineOptions options = new EngineOptions();
        new CommandLine(options).parseArgs(arguments);
        return options;
    }

    String maxModelLen() {
        return context.maxModelLen();
    }

    int maxNumSeqs() {
        return maxNumSeqs;
    }

    Duration stallTimeout() {
        return Duration.ofSeconds(stallTimeoutSeconds);
    }

    /**
     * The settings of an engine.
     *
     * @param portableModel the model as the executors can resolve it
     */
    public EngineSettings settings(String portableModel) {
        return new EngineSettings(
                portableModel,
                device,
                tensorParallelSize,
                dtype,
                quantization,
                context.maxModelLen(),
                maxNumSeqs,
                maxNumBatchedTokens,
                kvCacheMemory,
                prefixCaching ? PrefixCaching.ON : PrefixCaching.OFF,
                visionCacheMemory,
                threads,
                profile.isEmpty() ? profile : Path.of(profile).toAbsolutePath().toString());
    }

    private static final class DTypeConverter implements ITypeConverter<DType> {
        @Override
        public DType convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "bfloat16", "auto" -> DType.BFLOAT16;
                case "float32", "float" -> DType.FLOAT32;
                case "half", "float16" ->
                    throw new TypeConversionException(
                            "float16 is not computed here; bfloat16 takes as much memory, and float32 is exact");
                default ->
                    throw new TypeConversionException(
                            "expected dtype auto, bfloat16 or float32, found \"" + value + "\"");
            };
        }
    }

    static final class QuantizationConverter implements ITypeConverter<Quantization> {
        @Override
        public Quantization convert(String value) {
            try {
                return Quantization.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Judges the form only: whether the GPU is there, the executor knows. */
    private static final class DeviceConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("auto|cpu|cuda(:\\d{1,2})?")) {
                throw new TypeConversionException("expected device auto, cpu, cuda or cuda:N, found \"" + value + "\"");
            }
            return value;
        }
    }
}
