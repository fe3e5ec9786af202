package io.sparkvlm.torch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sparkvlm.torch.natives.MissingDeviceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuChoiceTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasAssignedIsTaken() {
        GpuChoice choice = choice(gpus(4), new GpuClaims(folder));
        assertThat(choice.take(Optional.of("2"))).isEqualTo(2);
        assertThat(choice.takeNumbered(3)).isEqualTo(3);
    }

    @Test
    void aProcessThatWasAssignedNoneTakesOneThatNoOtherHas() throws Exception {
        VisibleGpus gpus = gpus(2);
        try (Claimant other = new Claimant(folder, "bus-0")) {
            GpuClaims claims = new GpuClaims(folder);
            assertThat(choice(gpus, claims).take(Optional.empty())).isEqualTo(1);
            assertThat(choice(gpus, claims).take(Optional.empty()))
                    .as("the process has it already")
                    .isEqualTo(1);
            assertThat(choice(gpus, claims).takeNumbered(0))
                    .as("named, so shared")
                    .isZero();
            assertThatExceptionOfType(MissingDeviceException.class)
                    .isThrownBy(() -> choice(gpus(1), new GpuClaims(folder)).take(Optional.empty()))
                    .withMessageContaining("all 1 GPUs of this machine have an engine already");
        }
        assertThat(choice(gpus, new GpuClaims(folder)).take(Optional.empty()))
                .as("the claim ended with its process")
                .isZero();
    }

    @Test
    void aProcessThatFindsTooFewKeepsNone() throws Exception {
        try (Claimant other = new Claimant(folder, "bus-0")) {
            GpuClaims claims = new GpuClaims(folder);
            assertThatExceptionOfType(MissingDeviceException.class)
                    .isThrownBy(() -> choice(gpus(3), claims).take(List.of(), 3))
                    .withMessageContaining("found 2 of this machine's 3");
            try (Claimant next = new Claimant(folder, "bus-1")) {
                assertThat(choice(gpus(3), claims).take(Optional.empty())).isEqualTo(2);
            }
        }
    }

    @Test
    void aGpuThatIsWantedWhereThereIsNoneIsSaidToBeMissing() {
        assertThatExceptionOfType(MissingDeviceException.class)
                .isThrownBy(() -> choice(gpus(0), new GpuClaims(folder)).take(Optional.empty()))
                .withMessageContaining("expected cuda:0 to be there, found 0 GPUs");
    }

    @Test
    void aProcessWaitsForOneThatIsEnding() throws Exception {
        try (Claimant other = new Claimant(folder, "bus-0")) {
            CompletableFuture<Integer> taken = CompletableFuture.supplyAsync(
                    () -> new GpuChoice(gpus(1), new GpuClaims(folder), Duration.ofMinutes(5)).take(Optional.empty()));
            other.close();
            assertThat(taken.get(5, TimeUnit.MINUTES)).isZero();
        }
    }

    /** Another class loader of the process has a class GpuClaims, and so claims, of its own. */
    @Test
    void whatTheProcessHasClaimedItselfIsItsOwn() {
        assertThat(new GpuClaims(folder).claim("0")).isTrue();
        assertThat(new GpuClaims(folder).claim("0")).isTrue();
    }

    private static GpuChoice choice(VisibleGpus gpus, GpuClaims claims) {
        return new GpuChoice(gpus, claims, Duration.ZERO);
    }

    private static VisibleGpus gpus(int count) {
        return new VisibleGpus(count, Optional.empty(), ordinal -> "bus-" + ordinal);
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
