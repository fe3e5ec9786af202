package io.sparkvlm.torch.device;

import io.sparkvlm.torch.natives.MissingDeviceException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which rank of a model that is split computes on which device.
 *
 * @param devices a rank's each, in the ranks' order; on the CPU all ranks share the processor
 */
public record DeviceMesh(List<DeviceSpec> devices) {
    public DeviceMesh {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("expected at least 1 device, found none");
        }
        boolean gpus = devices.get(0).kind() == DeviceSpec.Kind.CUDA;
        if (gpus && devices.stream().distinct().count() < devices.size()) {
            throw new IllegalArgumentException("expected a GPU for each rank, found " + devices);
        }
    }

    /** One rank that has the whole model. */
    public static DeviceMesh of(DeviceSpec device) {
        return new DeviceMesh(List.of(device));
    }

    /** So many ranks that share the processor. */
    public static DeviceMesh ofCpu(int ranks) {
        return new DeviceMesh(Collections.nCopies(ranks, DeviceSpec.CPU));
    }

    /** The first devices of a kind, which need not be there. */
    public static DeviceMesh first(int ranks, DeviceSpec.Kind kind) {
        return switch (kind) {
            case CPU -> ofCpu(ranks);
            case CUDA ->
                new DeviceMesh(IntStream.range(0, ranks)
                        .mapToObj(index -> new DeviceSpec(kind, index))
                        .toList());
        };
    }

    /**
     * Chooses a device for each rank.
     *
     * @param text as {@link DeviceSpec#choose} reads it
     * @param assigned the cluster manager's addresses of this process's GPUs
     * @throws IllegalArgumentException where the text names one GPU for several ranks
     * @throws io.sparkvlm.torch.natives.MissingDeviceException when there are fewer GPUs than ranks
     */
    public static DeviceMesh choose(String text, List<String> assigned, int ranks) {
        DeviceSpec first = DeviceSpec.choose(text, assigned.stream().findFirst());
        if (ranks == 1) {
            return of(first);
        }
        if (first.kind() == DeviceSpec.Kind.CPU) {
            return ofCpu(ranks);
        }
        requireSeveral(text);
        return new DeviceMesh(GpuChoice.ofThisProcess().take(assigned, ranks).stream()
                .map(number -> new DeviceSpec(DeviceSpec.Kind.CUDA, number))
                .toList());
    }

    /**
     * Says whether this machine has devices for so many ranks, without taking one.
     *
     * @throws io.sparkvlm.torch.natives.MissingDeviceException as {@link #choose} would throw it
     */
    public static void require(String text, int ranks) {
        DeviceSpec.require(text);
        if (ranks > 1 && DeviceSpec.takesGpu(text)) {
            VisibleGpus.ofThisProcess().requireCount(ranks);
        }
    }

    /** How many GPUs this process sees: none where there is no build of libtorch for them, or none that loads. */
    public static int visibleGpus() {
        try {
            return GpuChoice.isLikely() ? VisibleGpus.ofThisProcess().count() : 0;
        } catch (MissingDeviceException e) { // which callers are told who want a GPU
            return 0;
        }
    }

    /**
     * Says whether a text can mean several devices.
     *
     * @throws IllegalArgumentException where it names one GPU
     */
    public static void requireSeveral(String text) {
        if (text.contains(":")) {
            throw new IllegalArgumentException(
                    "expected device auto, cuda or cpu with a tensor-parallel-size above 1, found " + text
                            + ", which is one GPU");
        }
    }

    public int ranks() {
        return devices.size();
    }

    public DeviceSpec device(int rank) {
        return devices.get(rank);
    }

    /** Ranks that take the memory of one device. */
    public int ranksPerDevice() {
        return ranks() / (int) devices.stream().distinct().count();
    }

    @Override
    public String toString() {
        return switch (devices.get(0).kind()) {
            case CPU -> ranks() == 1 ? "cpu" : "cpu in " + ranks() + " ranks";
            case CUDA -> devices.stream().map(DeviceSpec::toString).collect(Collectors.joining(", "));
        };
    }
}
