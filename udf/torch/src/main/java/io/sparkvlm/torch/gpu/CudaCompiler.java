package io.sparkvlm.torch.gpu;

import io.sparkvlm.torch.natives.NativeLibraries;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/** NVIDIA's compiler at run time (NVRTC), which needs no GPU. */
final class CudaCompiler {
    private static final String HEADER = "numbers.cuh";

    private CudaCompiler() {}

    /**
     * Compiles a file of kernels.
     *
     * @param constants what is defined in it, by name
     * @param architecture as {@code sm_90}
     * @return a binary that CUDA loads
     * @throws CudaFailure with the compiler's words
     * @throws LinkageError where there is no compiler
     */
    static byte[] compile(String file, Map<String, Integer> constants, String architecture) {
        NativeLibraries.load(NativeLibrary.NVRTC);
        String name = file + ".cu";
        try (PointerScope scope = new PointerScope();
                _nvrtcProgram program = new _nvrtcProgram()) {
            check(
                    "create a program",
                    nvrtc.nvrtcCreateProgram(
                            program,
                            text(source(name)),
                            text(name),
                            1,
                            texts(List.of(source(HEADER))),
                            texts(List.of(HEADER))));
            try {
                return compiled(name, program, options(constants, architecture));
            } finally {
                nvrtc.nvrtcDestroyProgram(program);
            }
        }
    }

    private static byte[] compiled(String name, _nvrtcProgram program, List<String> options) {
        if (nvrtc.nvrtcCompileProgram(program, options.size(), texts(options)) != nvrtc.NVRTC_SUCCESS) {
            throw new CudaFailure(name + " with " + options + " was not compiled: " + log(program));
        }
        SizeTPointer size = new SizeTPointer(1);
        check("size a program", nvrtc.nvrtcGetCUBINSize(program, size));
        byte[] binary = new byte[Math.toIntExact(size.get())];
        check("read a program", nvrtc.nvrtcGetCUBIN(program, binary));
        return binary;
    }

    private static List<String> options(Map<String, Integer> constants, String architecture) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + architecture, "--std=c++17"));
        constants.forEach((name, number) -> options.add("--define-macro=" + name + "=" + number));
        return options;
    }

    private static BytePointer text(String text) {
        return new BytePointer(text, StandardCharsets.UTF_8);
    }

    private static PointerPointer<BytePointer> texts(List<String> texts) {
        return new PointerPointer<>(texts.stream().map(CudaCompiler::text).toArray(BytePointer[]::new));
    }

    private static String log(_nvrtcProgram program) {
        SizeTPointer size = new SizeTPointer(1);
        check("size a log", nvrtc.nvrtcGetProgramLogSize(program, size));
        byte[] log = new byte[Math.toIntExact(size.get())];
        check("read a log", nvrtc.nvrtcGetProgramLog(program, log));
        return new String(log, StandardCharsets.UTF_8).trim();
    }

    private static void check(String what, int result) {
        if (result != nvrtc.NVRTC_SUCCESS) {
            throw new CudaFailure("CUDA's compiler could not " + what + ": "
                    + nvrtc.nvrtcGetErrorString(result).getString());
        }
    }

    private static String source(String name) {
        try (InputStream stream = CudaCompiler.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new CudaFailure("the class path lacks " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
