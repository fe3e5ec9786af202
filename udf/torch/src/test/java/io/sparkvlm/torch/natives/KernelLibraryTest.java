package io.sparkvlm.torch.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library that is kept in the repository is what its sources make. */
class KernelLibraryTest {
    /** Debian 12's; another makes other bytes. */
    private static final String COMPILER = "g++ (Debian 12.2.0-14+deb12u1) 12.2.0";

    @Test
    void isWhatItsSourcesMake(@TempDir Path folder) throws Exception {
        assumeTrue(compiler().equals(COMPILER), "the library was not compiled again: there is no " + COMPILER);
        Path compiled = folder.resolve("compiled.so");
        String said = run(List.of("src/main/cpp/build", compiled.toString()));

        assertThat(compiled).as(said).exists();
        assertThat(Files.readAllBytes(compiled))
                .as("src/main/cpp/build makes the library that is kept anew")
                .isEqualTo(Files.readAllBytes(
                        Path.of("src/main/resources/io/sparkvlm/torch/natives/linux-x86_64/libsparkvlm-kernels.so")));
    }

    private static String compiler() throws InterruptedException {
        try {
            return run(List.of("g++", "--version")).lines().findFirst().orElse("");
        } catch (IOException e) {
            return ""; // none at all
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
