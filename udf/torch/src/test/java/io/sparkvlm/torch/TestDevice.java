package io.sparkvlm.torch;

import io.sparkvlm.torch.device.DeviceSpec;

/** The device that tests compute on: {@code -Dsparkvlm.device}, else the CPU. */
public final class TestDevice {
    private static final DeviceSpec CHOSEN = DeviceSpec.parse(System.getProperty("sparkvlm.device", "cpu"));

    private TestDevice() {}

    public static DeviceSpec chosen() {
        return CHOSEN;
    }
}
