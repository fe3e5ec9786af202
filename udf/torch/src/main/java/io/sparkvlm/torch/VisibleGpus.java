package io.sparkvlm.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/**
 * The GPUs that CUDA shows this process. CUDA numbers them from 0; everybody else calls them by what {@code nvidia-smi}
 * says, which differs where {@code CUDA_VISIBLE_DEVICES} hides some.
 *
 * @param visibleDevices CUDA_VISIBLE_DEVICES, if it is set
 */
record VisibleGpus(int count, Optional<String> visibleDevices) {
    /** @throws MissingDeviceException when libtorch's CUDA build cannot be loaded */
    static VisibleGpus ofThisProcess() {
        NativeLibraries.load(NativeLibrary.PYTORCH_CUDA);
        return new VisibleGpus(torch.cuda_device_count(), Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")));
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

    /**
     * The name that all processes of the machine have for the GPU of this number.
     *
     * @throws MissingDeviceException when there are not so many
     */
    String name(int ordinal) {
        if (ordinal >= count) {
            throw new MissingDeviceException("expected cuda:" + ordinal + " to be there, found " + found());
        }
        return visibleDevices.map(devices -> names(devices).get(ordinal)).orElse(String.valueOf(ordinal));
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
}
