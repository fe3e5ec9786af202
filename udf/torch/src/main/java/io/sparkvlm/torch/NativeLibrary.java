package io.sparkvlm.torch;

import java.util.List;

/** Which native libraries can be loaded, and what each brings with it. */
public enum NativeLibrary {
    PYTORCH(List.of("openblas", "pytorch"), "org.bytedeco.pytorch.global.torch"),
    OPENCV(List.of("openblas", "opencv"), "org.bytedeco.opencv.global.opencv_imgcodecs"),
    FFMPEG(List.of("ffmpeg"), "org.bytedeco.ffmpeg.global.avformat", "org.bytedeco.ffmpeg.global.swscale");

    private final List<String> presets;
    private final List<String> presetClasses;

    NativeLibrary(List<String> presets, String... presetClasses) {
        this.presets = presets;
        this.presetClasses = List.of(presetClasses);
    }

    /** The JavaCPP classes whose loading loads the library; names, so that not every user needs every library. */
    List<String> presetClasses() {
        return presetClasses;
    }

    /** Names of the JavaCPP presets whose files are unpacked, in the order of their loading. */
    List<String> presets() {
        return presets;
    }
}
