package io.sparkvlm.torch;

import org.bytedeco.javacpp.Loader;

/**
 * The builds of libtorch that may be on the class path. A jar can hold both; a process loads one.
 *
 * <p>JavaCPP keeps the CUDA build in a folder of its own, whose name has the extension {@code -gpu}, and would look into
 * that folder first.
 */
enum TorchBuild {
    CPU(""),
    CUDA("-gpu");

    private static final String EXTENSION_PROPERTY = "org.bytedeco.javacpp.platform.extension";

    private final String extension;

    TorchBuild(String extension) {
        this.extension = extension;
    }

    /** Whether its natives are on the class path. */
    boolean isPacked() {
        String natives = "/org/bytedeco/pytorch/linux-x86_64" + extension + "/libjnitorch.so";
        return TorchBuild.class.getResource(natives) != null;
    }

    /** Makes JavaCPP look for this build, before the first of its classes is loaded and for the process's life. */
    void choose() {
        System.setProperty(EXTENSION_PROPERTY, extension);
        Loader.loadProperties(true); // it has kept those of another library that was loaded before
    }
}
