package io.sparkvlm.torch.device;

import io.sparkvlm.torch.natives.CudaLibraries;
import io.sparkvlm.torch.natives.MissingDeviceException;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.pytorch.global.torch;

/**
 * The GPUs that CUDA shows this process. CUDA numbers them from 0; cluster managers call them by what {@code nvidia-smi}
 * says, which differs where {@code CUDA_VISIBLE_DEVICES} hides some.
 *
 * @param visibleDevices CUDA_VISIBLE_DEVICES, if it is set
 * @param busIds the place of a GPU on the machine's bus, by CUDA's number
 */
record VisibleGpus(int count, Optional<String> visibleDevices, IntFunction<String> busIds) {
    /** A part of a GPU: several have one place on the bus. */
    private static final String MIG = "MIG-";

    /** @throws MissingDeviceException when libtorch's CUDA build cannot be loaded */
    static VisibleGpus ofThisProcess() {
        NativeLibraries.load(NativeLibrary.PYTORCH_CUDA);
        return new VisibleGpus(
                torch.cuda_device_count(),
                Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")),
                VisibleGpus::busId);
    }

    /**
     * CUDA's number of the GPU that a cluster manager calls by this address.
     *
     * @param address an index of nvidia-smi's list, or a UUID that stands in CUDA_VISIBLE_DEVICES
     * @throws MissingDeviceException when the process does not see that GPU
     */
    int ordinal(String address) {
        int ordinal = visibleDevices
                .map(devices -> names(devices).indexOf(address))
                .orElseGet(() -> address.matches("\\d{1,3}") ? Integer.parseInt(address) : -1);
        if (ordinal < 0 || ordinal >= count) {
            throw new MissingDeviceException("this executor was assigned GPU " + address + ", and CUDA shows it "
                    + found() + "; addresses are to be nvidia-smi's indices, or what stands in CUDA_VISIBLE_DEVICES");
        }
        return ordinal;
    }

    /** @throws MissingDeviceException when there are not so many GPUs */
    int require(int ordinal) {
        if (ordinal >= count) {
            throw new MissingDeviceException("expected cuda:" + ordinal + " to be there, found " + found()
                    + "; nvidia-smi should list it, with " + CudaLibraries.DRIVER);
        }
        return ordinal;
    }

    /** @throws MissingDeviceException when there are fewer GPUs */
    void requireCount(int ranks) {
        if (count < ranks) {
            throw new MissingDeviceException("expected " + ranks + " GPUs for --tensor-parallel-size " + ranks
                    + ", found " + found() + "; let it be at most " + Math.max(1, count));
        }
    }

    /** A name of the GPU of this number that all processes of the machine agree on, whatever each of them sees. */
    String name(int ordinal) {
        return visibleDevices
                .map(devices -> names(devices).get(ordinal))
                .filter(name -> name.startsWith(MIG))
                .orElseGet(() -> busIds.apply(ordinal));
    }

    private String found() {
        return count + " GPUs"
                + visibleDevices
                        .map(devices -> " (CUDA_VISIBLE_DEVICES=" + devices + ")")
                        .orElse("");
    }

    private static List<String> names(String devices) {
        return Arrays.stream(devices.split(",")).map(String::strip).toList();
    }

    private static String busId(int ordinal) {
        byte[] text = new byte[32]; // 0000:65:00.0 and a zero
        int error = cudart.cudaDeviceGetPCIBusId(text, text.length, ordinal);
        if (error != cudart.cudaSuccess) {
            return "number-" + ordinal;
        }
        return new String(text, StandardCharsets.US_ASCII).strip().replace("\0", "");
    }
}
