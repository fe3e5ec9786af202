package io.sparkvlm.torch.device;

import io.sparkvlm.torch.natives.CudaLibraries;
import io.sparkvlm.torch.natives.MissingDeviceException;
import io.sparkvlm.torch.natives.TorchBuild;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the GPU of this process and claims it, so that engines of several processes do not meet on one. */
final class GpuChoice {
    private static final Logger LOG = LoggerFactory.getLogger(GpuChoice.class);

    /** Long enough for an executor that dies while its successor starts. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final VisibleGpus gpus;
    private final GpuClaims claims;
    private final Duration patience;

    /** @param patience how long to wait for a GPU that another process has claimed */
    GpuChoice(VisibleGpus gpus, GpuClaims claims, Duration patience) {
        this.gpus = gpus;
        this.claims = claims;
        this.patience = patience;
    }

    /** @throws MissingDeviceException when libtorch's CUDA build cannot be loaded */
    static GpuChoice ofThisProcess() {
        return new GpuChoice(VisibleGpus.ofThisProcess(), ProcessClaims.CLAIMS, PATIENCE);
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

    /** The first so many GPUs that were assigned; where none was, those that no other process of this user has claimed. */
    List<Integer> take(List<String> assigned, int count) {
        if (!assigned.isEmpty() && assigned.size() < count) {
            throw new MissingDeviceException(
                    "expected " + count + " GPUs for tensor-parallel-size, and this executor was" + " assigned "
                            + assigned.size() + "; set spark.executor.resource.gpu.amount=" + count);
        }
        if (!assigned.isEmpty()) {
            return assigned.stream()
                    .limit(count)
                    .map(address -> takeNumbered(gpus.ordinal(address)))
                    .toList();
        }
        gpus.requireCount(count);
        List<Integer> unclaimed = unclaimed(count);
        if (unclaimed.size() < count) {
            throw new MissingDeviceException(
                    "expected " + count + " GPUs without an engine for tensor-parallel-size, found " + unclaimed.size()
                            + " of this machine's " + gpus.count());
        }
        return unclaimed;
    }

    /** The GPU of this number, even where another engine computes on it. */
    int takeNumbered(int ordinal) {
        String name = gpus.name(gpus.require(ordinal));
        if (!claims.claim(name)) {
            LOG.warn("Another engine computes on GPU {} of this machine; the two share its memory and its time.", name);
        }
        return ordinal;
    }

    private int firstUnclaimed() {
        gpus.require(0);
        return unclaimed(1).stream()
                .findFirst()
                .orElseThrow(() -> new MissingDeviceException("all " + gpus.count()
                        + " GPUs of this machine have an engine already; let Spark assign them"
                        + " (spark.executor.resource.gpu.amount=1), or name one with --device cuda:N to share it"));
    }

    /** So many that no other process has claimed, or, when patience is at its end, those that there are, which stay free. */
    private List<Integer> unclaimed(int count) {
        List<String> names =
                IntStream.range(0, gpus.count()).mapToObj(gpus::name).toList();
        long start = System.nanoTime();
        List<String> found = claims.claim(names, count);
        while (found.size() < count && System.nanoTime() - start < patience.toNanos()) {
            sleep();
            found = claims.claim(names, count);
        }
        return found.stream().map(names::indexOf).toList();
    }

    private static void sleep() {
        try {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MissingDeviceException("interrupted while it waited for a GPU without an engine");
        }
    }

    /** Static, because a claim is the process's and ends with it. */
    private static final class ProcessClaims {
        private static final GpuClaims CLAIMS = new GpuClaims(GpuClaims.folderOfThisMachine());
    }
}
