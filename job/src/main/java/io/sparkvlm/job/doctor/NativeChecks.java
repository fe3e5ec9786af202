package io.sparkvlm.job.doctor;

import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.AttentionKernels;
import io.sparkvlm.torch.natives.KernelLibrary;
import io.sparkvlm.torch.natives.LinearKernels;
import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import io.sparkvlm.torch.natives.RowKernels;
import io.sparkvlm.torch.natives.TorchBuild;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Loads the native libraries, one after the other, and says what came of it; a library that does not load is a finding. */
public final class NativeChecks {
    private final Consumer<NativeLibrary> loader;
    private final Supplier<Optional<String>> kernelFailure;

    /** @param kernelFailure why the project's own kernels could not be loaded; empty where they could */
    NativeChecks(Consumer<NativeLibrary> loader, Supplier<Optional<String>> kernelFailure) {
        this.loader = loader;
        this.kernelFailure = kernelFailure;
    }

    public static NativeChecks ofThisProcess() {
        return new NativeChecks(NativeLibraries::load, KernelLibrary::failure);
    }

    /**
     * All findings, in the order that they are read in.
     *
     * @param nvidiaDriver how the driver names itself; empty where there is none
     */
    public List<Finding> findings(Optional<String> nvidiaDriver) {
        List<Finding> findings = new ArrayList<>();
        // First: a process that has loaded libtorch's CPU build cannot load the other.
        findings.add(gpu(nvidiaDriver));
        Finding torch = library("libtorch", NativeLibrary.PYTORCH);
        findings.add(torch);
        if (torch.level() == Finding.Level.OK) {
            findings.add(kernels("attention in bfloat16", AttentionKernels::attendInBfloat16));
            findings.add(kernels("products with rounded weights", LinearKernels::areThere));
            findings.add(kernels("what layers do to each row", RowKernels::areThere));
        }
        findings.add(library("FFmpeg, for videos", NativeLibrary.FFMPEG));
        findings.add(library("OpenCV, for pictures", NativeLibrary.OPENCV));
        return List.copyOf(findings);
    }

    private Finding library(String name, NativeLibrary library) {
        try {
            loader.accept(library);
            return Finding.ok(name + " loads");
        } catch (RuntimeException | LinkageError e) {
            return Finding.missing(
                    name + " does not load: " + RootCause.of(e),
                    "run on Linux x86-64 with glibc, with the jar whole and a cache folder that can be written");
        }
    }

    /** Either is right, unless libtorch only takes the place of what does not load: which is faster depends on the processor. */
    private Finding kernels(String of, BooleanSupplier areTaken) {
        boolean own = areTaken.getAsBoolean(); // which loads them
        return kernelFailure
                .get()
                .map(reason -> Finding.warn(
                        of + " by libtorch, slower: the project's own kernels do not load: " + reason,
                        "take the jar whole, and set SPARKVLM_CACHE to a folder that programs may be loaded from"))
                .orElseGet(() -> Finding.ok(of + " by " + (own ? "the project's own kernels" : "libtorch")));
    }

    private static Finding gpu(Optional<String> driver) {
        if (driver.isEmpty()) {
            return Finding.ok("GPU: no NVIDIA driver, so the CPU computes");
        }
        if (!TorchBuild.CUDA.isPacked()) {
            return Finding.warn(
                    "GPU: " + driver.get() + ", and libtorch in the jar is for the CPU only",
                    "build the jar with ./mvnw -Pcuda package");
        }
        try {
            DeviceSpec.require("cuda");
            return Finding.ok("GPU: " + driver.get());
        } catch (RuntimeException | LinkageError e) {
            return Finding.missing(
                    "GPU: " + driver.get() + ", and CUDA does not start: " + RootCause.of(e),
                    "install what docs/gpu.md names, or compute with --device cpu");
        }
    }
}
