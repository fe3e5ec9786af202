package io.sparkvlm.job.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.sparkvlm.job.FlakyFileSystem;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputLockTest {
    @TempDir
    private Path folder;

    @Test
    void keepsOutAnotherProcessUntilThatDies() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            assertThatExceptionOfType(JobRefusedException.class)
                    .isThrownBy(() -> local().lock(new Configuration()))
                    .withMessageMatching("the output " + folder.resolve("out") + " is being written by process "
                            + other.pid() + " on \\S+ since \\d{4}-\\S+Z: wait for it, or choose another output");
        } finally {
            other.destroyForcibly().waitFor();
        }
        local().lock(new Configuration()).close();
    }

    /** Holds a lock until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            OutputFolder output = OutputFolder.of(args[0] + "/out", OutputFormat.PARQUET, new Configuration());
            try (OutputLock lock = output.lock(new Configuration())) {
                lock.requireHeld();
                System.out.println("held");
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void keepsOutAnotherJobOfThisProcess() throws Exception {
        try (OutputLock lock = local().lock(new Configuration())) {
            for (int tries = 0; tries < 2; tries++) { // the first must not take the lock from its holder
                assertThatExceptionOfType(JobRefusedException.class)
                        .isThrownBy(() -> local().lock(new Configuration()))
                        .withMessageContaining(
                                "by process " + ProcessHandle.current().pid());
            }
            lock.requireHeld();
        }
        local().lock(new Configuration()).close();
    }

    @Test
    void whereThereAreNoLocksALeaseKeepsOthersOutUntilItExpires() throws Exception {
        try (OutputLock lost = store().lock(hadoop())) {
            assertThatExceptionOfType(JobRefusedException.class)
                    .isThrownBy(() -> store().lock(hadoop()))
                    .withMessageContaining(
                            "by process " + ProcessHandle.current().pid())
                    .withMessageContaining("if it has died, its lease ends in ");
            lost.requireHeld();
            Files.setLastModifiedTime(
                    leases().get(0),
                    FileTime.from(Instant.now().minus(Lease.EXPIRY).minusSeconds(1)));
            try (OutputLock next = store().lock(hadoop())) {
                next.requireHeld();
                assertThat(leases()).as("without the other's").hasSize(1);
            }
        }
    }

    @Test
    void aLeaseOfAProcessThatIsKnownToBeDeadKeepsNobodyOut() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path work = Files.createDirectories(folder.resolve("out/_sparkvlm"));
        Writer here = Writer.thisProcess();
        Files.createFile(work.resolve(Lease.name(new Writer(here.host(), dead.pid(), here.since(), here.machine()))));
        store().lock(hadoop()).close();
        assertThat(leases()).isEmpty();

        Files.createFile(work.resolve(Lease.name(new Writer("elsewhere", dead.pid(), here.since(), "another boot"))));
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> store().lock(hadoop()))
                .withMessageContaining(dead.pid() + " on elsewhere since " + here.since());
    }

    @Test
    void aLeaseThatWasNotRenewedIsNotHeld() throws Exception {
        try (Lease lease = (Lease) store().lock(hadoop())) {
            Files.delete(leases().get(0)); // as by a job that took it for dead
            lease.renewOrLose();
            assertThatIOException()
                    .isThrownBy(lease::requireHeld)
                    .withMessageContaining("another job may have taken it");
        }
    }

    private OutputFolder local() throws JobRefusedException {
        return OutputFolder.of(folder.resolve("out").toString(), OutputFormat.PARQUET, new Configuration());
    }

    private OutputFolder store() throws JobRefusedException {
        return OutputFolder.of("flaky:" + folder.resolve("out"), OutputFormat.PARQUET, hadoop());
    }

    private static Configuration hadoop() {
        Configuration hadoop = new Configuration();
        FlakyFileSystem.register(hadoop);
        return hadoop;
    }

    private List<Path> leases() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out/_sparkvlm"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("lease-"))
                    .toList();
        }
    }
}
