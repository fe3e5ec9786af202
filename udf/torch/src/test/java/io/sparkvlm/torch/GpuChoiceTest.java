package io.sparkvlm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuChoiceTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasAssignedIsTaken() {
        GpuChoice choice = new GpuChoice(new VisibleGpus(4, Optional.empty()), new GpuClaims(folder));
        assertThat(choice.take(Optional.of("2"))).isEqualTo(2);
        assertThat(choice.takeNumbered(3)).isEqualTo(3);
    }

    @Test
    void aProcessThatWasAssignedNoneTakesOneThatNoOtherHas() throws Exception {
        VisibleGpus gpus = new VisibleGpus(2, Optional.empty());
        try (Claimant other = new Claimant(folder, "0")) {
            GpuClaims claims = new GpuClaims(folder);
            assertThat(new GpuChoice(gpus, claims).take(Optional.empty())).isEqualTo(1);
            assertThat(new GpuChoice(gpus, claims).take(Optional.empty()))
                    .as("the process has it already")
                    .isEqualTo(1);
            assertThat(new GpuChoice(gpus, claims).takeNumbered(0))
                    .as("named, so shared")
                    .isZero();
            assertThatExceptionOfType(MissingDeviceException.class)
                    .isThrownBy(() -> new GpuChoice(new VisibleGpus(1, Optional.empty()), new GpuClaims(folder))
                            .take(Optional.empty()))
                    .withMessageContaining("all 1 GPUs of this machine have an engine already");
        }
        assertThat(new GpuChoice(gpus, new GpuClaims(folder)).take(Optional.empty()))
                .as("the claim ended with its process")
                .isZero();
    }

    @Test
    void aGpuThatIsWantedWhereThereIsNoneIsSaidToBeMissing() {
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> new GpuChoice(new VisibleGpus(0, Optional.empty()), new GpuClaims(folder))
                        .take(Optional.empty()))
                .withMessageContaining("expected a GPU, found none");
    }

    /** Another JVM that claims a GPU and keeps it until it is closed. */
    private static final class Claimant implements AutoCloseable {
        private final Process process;

        Claimant(Path folder, String gpu) throws Exception {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Claims.class.getName(),
                            folder.toString(),
                            gpu)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(process.inputReader().readLine()).isEqualTo("true");
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** What the other JVM runs. */
    static final class Claims {
        private Claims() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println(new GpuClaims(Path.of(args[0])).claim(args[1]));
            Thread.sleep(TimeUnit.HOURS.toMillis(1));
        }
    }
}
