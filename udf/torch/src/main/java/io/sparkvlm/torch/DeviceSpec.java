package io.sparkvlm.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * Where a model is computed.
 *
 * @param index which GPU of the machine; 0 for the CPU
 */
public record DeviceSpec(Kind kind, int index) {
    public static final DeviceSpec CPU = new DeviceSpec(Kind.CPU, 0);

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

    /** The kinds of devices. */
    public enum Kind {
        CPU,
        CUDA
    }

    /**
     * Reads {@code auto} (the first GPU if this machine and this build of libtorch have one), {@code cpu}, {@code cuda}
     * or {@code cuda:N}.
     *
     * @throws IllegalArgumentException for another text, or for a GPU that is not there
     */
    public static DeviceSpec parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        NativeLibraries.load(NativeLibrary.PYTORCH);
        int gpus = torch.cuda_device_count();
        if (text.equals("auto")) {
            return gpus > 0 ? new DeviceSpec(Kind.CUDA, 0) : CPU;
        }
        Matcher cuda = CUDA.matcher(text);
        if (!cuda.matches()) {
            throw new IllegalArgumentException("expected device auto, cpu, cuda or cuda:N, found \"" + text + "\"");
        }
        int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        if (index >= gpus) {
            throw new IllegalArgumentException("device " + text + " is not there: this machine and this build of"
                    + " libtorch have " + gpus + " GPUs");
        }
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
