package io.sparkvlm.torch;

import java.util.List;

/** Which native libraries can be loaded, and what each brings with it. */
public enum NativeLibrary {
    PYTORCH("org.bytedeco.pytorch.global.torch", "pytorch"),
    OPENCV("org.bytedeco.opencv.global.opencv_imgcodecs", "opencv");

    private final String presetClass;
    private final String preset;

    NativeLibrary(String presetClass, String preset) {
        this.presetClass = presetClass;
        this.preset = preset;
    }

    /** The JavaCPP class whose loading loads the library; a name, so that not every user needs every library. */
    String presetClass() {
        return presetClass;
    }

    /** Names of the JavaCPP presets whose files are unpacked, in the order of their loading. */
    List<String> presets() {
        return List.of("openblas", preset);
    }
}
