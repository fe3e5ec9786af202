package io.sparkvlm.torch.device;

import io.sparkvlm.torch.natives.MissingDeviceException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where a model is computed.
 *
 * @param index CUDA's number of the GPU, of those that this process sees; 0 for the CPU
 */
public record DeviceSpec(Kind kind, int index) {
    public static final DeviceSpec CPU = new DeviceSpec(Kind.CPU, 0);

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

    /** The kinds of devices. */
    public enum Kind {
        CPU,
        CUDA
    }

    /** Chooses the device where no cluster manager has assigned one, see {@link #choose}. */
    public static DeviceSpec parse(String text) {
        return choose(text, Optional.empty());
    }

    /**
     * Reads {@code cpu}, {@code cuda:N}, {@code cuda} or {@code auto}. The last two mean the GPU that a cluster manager
     * assigned to this process, else the first that no other process of this user computes on; {@code auto} means the CPU
     * where no GPU was assigned and none is there that the class path has libtorch for.
     *
     * @param assigned the cluster manager's address of the GPU: its index in nvidia-smi's list, or its UUID
     * @throws IllegalArgumentException for another text
     * @throws MissingDeviceException when the GPU, or a library that it needs, is not there
     */
    public static DeviceSpec choose(String text, Optional<String> assigned) {
        return switch (text) {
            case "cpu" -> CPU;
            case "auto" -> automatic(assigned);
            default -> {
                OptionalInt number = cudaNumber(text);
                GpuChoice gpus = GpuChoice.ofThisProcess();
                yield cuda(number.isPresent() ? gpus.takeNumbered(number.getAsInt()) : gpus.take(assigned));
            }
        };
    }

    /** The number in {@code cuda:N}; none in {@code cuda}. */
    private static OptionalInt cudaNumber(String text) {
        Matcher cuda = CUDA.matcher(text);
        if (!cuda.matches()) {
            throw new IllegalArgumentException("expected device auto, cpu, cuda or cuda:N, found \"" + text + "\"");
        }
        return cuda.group(1) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(cuda.group(1)));
    }

    /**
     * Says whether this machine has a device of that name, without taking one.
     *
     * @throws MissingDeviceException as {@link #choose} would throw it
     */
    public static void require(String text) {
        if (text.equals("cpu") || (text.equals("auto") && !GpuChoice.isLikely())) {
            return;
        }
        if (text.equals("auto")) {
            VisibleGpus.ofThisProcess();
        } else {
            int number = cudaNumber(text).orElse(0);
            VisibleGpus.ofThisProcess().require(number);
        }
    }

    /** Whether {@link #choose} would take a GPU where none was assigned. */
    static boolean takesGpu(String text) {
        return switch (text) {
            case "cpu" -> false;
            case "auto" -> GpuChoice.isLikely() && !GpuChoice.ofThisProcess().isEmpty();
            default -> true;
        };
    }

    private static DeviceSpec automatic(Optional<String> assigned) {
        if (assigned.isEmpty() && !GpuChoice.isLikely()) {
            return CPU;
        }
        GpuChoice gpus = GpuChoice.ofThisProcess();
        return assigned.isEmpty() && gpus.isEmpty() ? CPU : cuda(gpus.take(assigned));
    }

    private static DeviceSpec cuda(int index) {
        return new DeviceSpec(Kind.CUDA, index);
    }

    /** A new libtorch device; the caller's scope frees it. */
    public Device torchDevice() {
        return switch (kind) {
            case CPU -> new Device(DeviceType.CPU, (byte) 0);
            case CUDA -> new Device(DeviceType.CUDA, (byte) index);
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case CPU -> "cpu";
            case CUDA -> "cuda:" + index;
        };
    }
}
