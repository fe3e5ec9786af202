package io.sparkvlm.torch.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs kernels for GPUs on the CPU, slowly: g++ compiles them with what {@code src/test/cpp/cuda_on_cpu.h} puts in the place of
 * CUDA's words. Addresses are the CPU's.
 */
public final class EmulatedGpu implements Gpu {
    /** Modules are tested in their own folders. */
    private static final Path MODULE = Path.of("../torch");

    private static final Path SOURCES = MODULE.resolve("src/test/cpp");
    private static final Path KERNELS = MODULE.resolve("src/main/resources/io/sparkvlm/torch/gpu");

    private final Path folder;
    private final Map<String, GpuProgram> programs = new HashMap<>();

    private EmulatedGpu() throws IOException {
        folder = Files.createTempDirectory("emulated");
        Path java = Path.of(System.getProperty("java.home"), "include");
        Path bridge = compile("emulated_jni", "bridge", List.of("-I" + java, "-I" + java.resolve("linux")));
        System.load(bridge.toString());
    }

    /** Empty where there is no g++, or no source. */
    public static Optional<EmulatedGpu> ifPossible() throws IOException {
        return Files.isDirectory(SOURCES) && thereIsACompiler() ? Optional.of(new EmulatedGpu()) : Optional.empty();
    }

    private static boolean thereIsACompiler() {
        try {
            return new ProcessBuilder("g++", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<GpuProgram> program(String file, Map<String, Integer> constants) {
        return Optional.of(programs.computeIfAbsent(file + constants, key -> compiled(file, constants)));
    }

    @Override
    public Optional<GpuGraphs> openGraphs() {
        return Optional.of(new EmulatedGraphs(this));
    }

    private GpuProgram compiled(String file, Map<String, Integer> constants) {
        List<String> options = new ArrayList<>(List.of("-I" + KERNELS, "-DPROGRAM=\"" + file + ".cu\""));
        constants.forEach((name, number) -> options.add("-D" + name + "=" + number));
        long program = open(compile("emulated", file + programs.size(), options).toString());
        return (kernel, blocks, threads, arguments) -> {
            boolean ran =
                    launch(program, kernel, (int) blocks.x(), (int) blocks.y(), (int) blocks.z(), threads, arguments);
            if (!ran) {
                throw new IllegalStateException(kernel + " is not there, or its threads wait for ever");
            }
        };
    }

    private Path compile(String source, String name, List<String> options) {
        Path compiled = folder.resolve(name + ".so");
        List<String> command = new ArrayList<>(List.of(
                "g++", "-std=c++17", "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas"));
        command.addAll(options);
        command.addAll(List.of(SOURCES.resolve(source + ".cpp").toString(), "-o", compiled.toString(), "-ldl"));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return compiled;
    }

    private static native long open(String library);

    private static native boolean launch(
            long program, String kernel, int x, int y, int z, int threads, long[] arguments);
}
