package io.sparkvlm.torch.natives;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.torch.TensorScope;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    @TempDir
    Path cache;

    @Test
    void jvmsThatStartAtOnceAllLoad() throws Exception {
        List<Process> jvms = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jvms.add(startJvm());
        }

        for (Process jvm : jvms) {
            assertThat(exitCode(jvm)).isZero();
        }
    }

    @Test
    void aCacheLeftHalfUnpackedIsUnpackedAgain() throws Exception {
        assertThat(exitCode(startJvm())).isZero();
        Path library = find("libtorch_cpu.so");
        Path intact = Files.copy(library, cache.resolve("intact"));
        blankKeepingSizeAndTime(library);
        Files.delete(cache.resolve("pytorch.complete"));

        assertThat(exitCode(startJvm())).isZero();
        assertThat(Files.mismatch(library, intact)).isEqualTo(-1);
    }

    @Test
    void aJvmThatWaitsForOneThatIsKilledWhileItUnpacksLoads() throws Exception {
        Process first = startJvm();
        while (unpacked("libtorch_cpu.so").isEmpty()) {
            assertThat(first.isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(1);
        }
        Process second = startJvm();
        first.destroyForcibly().waitFor();

        assertThat(exitCode(second)).isZero();
        assertThat(exitCode(startJvm())).isZero();
    }

    private Process startJvm() throws IOException {
        Path log = Files.createTempFile(cache, "jvm", ".log");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-cp",
                        System.getProperty("java.class.path"),
                        AddsTwoNumbers.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static int exitCode(Process jvm) throws InterruptedException {
        assertThat(jvm.waitFor(10, TimeUnit.MINUTES)).isTrue();
        return jvm.exitValue();
    }

    private Path find(String name) throws IOException {
        return unpacked(name).orElseThrow();
    }

    /** Whole or not. */
    private Optional<Path> unpacked(String name) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.endsWith(name)).findFirst();
        }
    }

    /** JavaCPP compares size and time, so this damage is one that only the marker can tell. */
    private static void blankKeepingSizeAndTime(Path file) throws IOException {
        File asFile = file.toFile();
        long modified = asFile.lastModified();
        Files.write(file, new byte[(int) asFile.length()]);
        assertThat(asFile.setLastModified(modified)).isTrue();
    }

    /** What the started JVMs run. */
    static final class AddsTwoNumbers {
        private AddsTwoNumbers() {}

        public static void main(String[] args) {
            try (TensorScope scope = new TensorScope()) {
                Tensor one = torch.ones(2, 2);
                float sum = one.add(one).sum().item_float();
                System.exit(sum == 8 ? 0 : 1);
            }
        }
    }
}
