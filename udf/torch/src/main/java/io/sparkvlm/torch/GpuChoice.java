package io.sparkvlm.torch;

import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the GPU of this process and claims it, so that engines of several processes do not meet on one. */
final class GpuChoice {
    private static final Logger LOG = LoggerFactory.getLogger(GpuChoice.class);

    private final VisibleGpus gpus;
    private final GpuClaims claims;

    GpuChoice(VisibleGpus gpus, GpuClaims claims) {
        this.gpus = gpus;
        this.claims = claims;
    }

    /** @throws MissingDeviceException when libtorch's CUDA build cannot be loaded */
    static GpuChoice ofThisProcess() {
        return new GpuChoice(VisibleGpus.ofThisProcess(), ProcessClaims.CLAIMS);
    }

    /** Whether it is worth loading libtorch's CUDA build to count the GPUs. */
    static boolean isLikely() {
        return TorchBuild.CUDA.isPacked() && CudaLibraries.driverIsThere();
    }

    boolean isEmpty() {
        return gpus.count() == 0;
    }

    /** The GPU that was assigned, else the first that no other process of this user has claimed. */
    int take(Optional<String> assigned) {
        return assigned.map(address -> takeNumbered(gpus.ordinal(address))).orElseGet(this::firstUnclaimed);
    }

    /** The GPU of this number, even where another engine computes on it. */
    int takeNumbered(int ordinal) {
        String name = gpus.name(ordinal);
        if (!claims.claim(name)) {
            LOG.warn("Another engine computes on GPU {} of this machine; the two share its memory and its time.", name);
        }
        return ordinal;
    }

    private int firstUnclaimed() {
        if (isEmpty()) {
            throw new MissingDeviceException(
                    "expected a GPU, found none that CUDA shows this process; nvidia-smi should"
                            + " list one, and CUDA_VISIBLE_DEVICES should not hide it");
        }
        return IntStream.range(0, gpus.count())
                .filter(ordinal -> claims.claim(gpus.name(ordinal)))
                .findFirst()
                .orElseThrow(
                        () -> new MissingDeviceException("all " + gpus.count() + " GPUs of this machine have an engine"
                                + " already; let Spark assign them (spark.executor.resource.gpu.amount=1), or name one with"
                                + " --device cuda:N to share it"));
    }

    /** Static, because a claim is the process's and ends with it. */
    private static final class ProcessClaims {
        private static final GpuClaims CLAIMS = new GpuClaims(NativeLibraries.cacheFolder());
    }
}
