package io.sparkvlm.spark.settings;

import io.sparkvlm.api.Engine;
import io.sparkvlm.engine.BatchingEngine;
import io.sparkvlm.engine.CacheConfig;
import io.sparkvlm.engine.EngineConfig;
import io.sparkvlm.engine.schedule.PrefixCaching;
import io.sparkvlm.engine.weights.Checkpoint;
import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.device.DeviceMesh;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.spark.network.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine as the job's configuration describes it. What only the executor's machine can decide travels as the text
 * {@value #AUTO} and is decided there.
 *
 * @param model a folder or Org/Name, see {@link ModelFolder}
 * @param device auto, cpu, cuda or cuda:N
 * @param tensorParallelSize devices of one executor that the model is split over
 * @param quantization what the matrices of the language model are rounded to
 * @param maxModelLen tokens of a prompt and its answer, or auto: what the checkpoint allows
 * @param maxNumSeqs sequences that run at once
 * @param maxNumBatchedTokens tokens of one step
 * @param kvCacheMemory bytes of keys and values, or auto
 * @param prefixCaching whether rows that begin alike share keys and values
 * @param visionCacheMemory bytes of images' and videos' embeddings that are kept for rows to come
 * @param threads that one operator may use on the CPU, or auto: all of the machine
 * @param profile the file that a trace of the engine's steps is written to; empty for none
 */
public record EngineSettings(
        String model,
        String device,
        int tensorParallelSize,
        DType dtype,
        Quantization quantization,
        String maxModelLen,
        int maxNumSeqs,
        int maxNumBatchedTokens,
        String kvCacheMemory,
        PrefixCaching prefixCaching,
        String visionCacheMemory,
        String threads,
        String profile)
        implements EngineSource {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSettings.class);

    /** Leaves a choice to the executor. */
    public static final String AUTO = "auto";

    /** Positions that share one block of keys and values. */
    private static final int BLOCK_SIZE_TOKENS = 16;

    public EngineSettings {
        requirePositive("tensor-parallel-size", tensorParallelSize);
        if (tensorParallelSize > 1) {
            DeviceMesh.requireSeveral(device);
        }
        requirePositive("max-num-seqs", maxNumSeqs);
        requirePositive("max-num-batched-tokens", maxNumBatchedTokens);
        number("max-model-len", maxModelLen);
        kvCacheBytes(kvCacheMemory);
        bytes("vision-cache-memory-bytes", visionCacheMemory);
        number("threads", threads);
    }

    /** What of the settings an engine of ours takes, with every choice made that this machine can make. */
    EngineConfig engineConfig(List<String> gpus) throws IOException {
        return engineConfig(
                ModelFolder.ofThisMachine().resolve(model), DeviceMesh.choose(device, gpus, tensorParallelSize));
    }

    /** What an engine would be opened with on devices of a kind that need not be there, for a model that need not be there. */
    public EngineConfig plannedConfig(DeviceSpec.Kind kind) {
        return engineConfig(Path.of(model), DeviceMesh.first(tensorParallelSize, kind));
    }

    private EngineConfig engineConfig(Path checkpoint, DeviceMesh mesh) {
        return new EngineConfig(
                checkpoint,
                mesh,
                dtype,
                quantization,
                number("max-model-len", maxModelLen),
                maxNumSeqs,
                maxNumBatchedTokens,
                new CacheConfig(
                        BLOCK_SIZE_TOKENS,
                        kvCacheBytes(kvCacheMemory),
                        prefixCaching,
                        bytes("vision-cache-memory-bytes", visionCacheMemory)),
                usedThreads(),
                profile.isEmpty() ? Optional.empty() : Optional.of(Path.of(profile)));
    }

    /** No more than there are processors: more wait for each other. */
    private int usedThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        return Math.min(processors, number("threads", threads).orElse(processors));
    }

    /**
     * Reads the checkpoint's configuration and the headers of its weights, so that a driver can say before the first task
     * what an executor would find.
     *
     * @throws IOException naming the file, and the tensor, at fault
     */
    public void requireReadableCheckpoint() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(ModelFolder.ofThisMachine().resolve(model))) {
            checkpoint.requireRoundable(quantization);
            checkpoint.requireSplittable(tensorParallelSize);
            checkpoint.requireComputable(device.startsWith("cuda") ? DeviceSpec.Kind.CUDA : DeviceSpec.Kind.CPU, dtype);
        }
    }

    @Override
    public void requireDevice() {
        DeviceMesh.require(device, tensorParallelSize);
    }

    @Override
    public Engine open(List<String> gpus) throws IOException {
        if (gpus.size() > tensorParallelSize) {
            LOG.warn(
                    "This executor has the GPUs {} and computes on {} of them; set spark.executor.resource.gpu.amount to that,"
                            + " or split the model over all by --tensor-parallel-size.",
                    gpus,
                    tensorParallelSize);
        }
        return BatchingEngine.open(engineConfig(gpus));
    }

    static OptionalInt number(String key, String text) {
        if (text.equals(AUTO)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(requirePositive(key, Integer.parseInt(text)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected " + key + " as a number or " + AUTO + ", found \"" + text + "\"", e);
        }
    }

    private static OptionalLong kvCacheBytes(String text) {
        return text.equals(AUTO) ? OptionalLong.empty() : OptionalLong.of(bytes("kv-cache-memory-bytes", text));
    }

    private static long bytes(String key, String text) {
        try {
            return JavaUtils.byteStringAsBytes(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected " + key + " as 512m or 4g, found \"" + text + "\"", e);
        }
    }

    private static int requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("expected " + key + " of at least 1, found " + value);
        }
        return value;
    }
}
