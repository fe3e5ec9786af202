package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.CudaPrograms;
import io.sparkvlm.torch.natives.EmulatedGpu;
import io.sparkvlm.torch.natives.GpuPrograms;
import java.io.IOException;
import java.util.Optional;

/** The device that tests compute on: {@code -Dsparkvlm.device}, else the CPU. */
public final class TestDevice {
    private static final DeviceSpec CHOSEN = DeviceSpec.parse(System.getProperty("sparkvlm.device", "cpu"));

    private TestDevice() {}

    public static DeviceSpec chosen() {
        return CHOSEN;
    }

    /** Kernels for GPUs, on what stands in for one where the device is the CPU; empty where nothing can. */
    static Optional<GpuPrograms> gpuPrograms() throws IOException {
        return switch (CHOSEN.kind()) {
            case CPU -> EmulatedGpu.ifPossible();
            case CUDA -> Optional.of(CudaPrograms.of(CHOSEN.index()));
        };
    }
}
