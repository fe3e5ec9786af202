package io.sparkvlm.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.options.inference.EngineOptions;
import io.sparkvlm.torch.device.DeviceSpec;
import io.sparkvlm.torch.natives.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
    private static final long MUCH_MEMORY = 64_000_000_000L;
    private static final Path DEMO_MODEL = Path.of("src/main/resources/io/sparkvlm/job/demo/model");

    @TempDir
    private Path folder;

    @Test
    void saysWhatToDoAboutAMissingLibraryAndGoesOn() {
        NativeChecks checks = new NativeChecks(
                library -> {
                    if (library == NativeLibrary.PYTORCH) {
                        throw new UnsatisfiedLinkError("no libgomp.so.1");
                    }
                },
                Optional::empty);
        List<String> lines =
                checks.findings(Optional.empty()).stream().map(Finding::line).toList();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("missing: libtorch does not load: no libgomp.so.1 — run on Linux"))
                .noneMatch(line -> line.contains("attention"))
                .contains("ok: FFmpeg, for videos loads");
    }

    @Test
    void saysThatKernelsDoNotLoad() {
        NativeChecks checks = new NativeChecks(library -> {}, () -> Optional.of("cannot be mapped"));
        assertThat(checks.findings(Optional.empty()))
                .filteredOn(finding -> finding.level() == Finding.Level.WARN)
                .extracting(Finding::what)
                .hasSize(3)
                .contains("what layers do to each row by libtorch, slower: the project's own kernels do not load:"
                        + " cannot be mapped");
    }

    @Test
    void aMachineThatDoesNotTellItsMemoryIsNoBrokenOne() {
        assertThat(Machine.readable(() -> {
                    throw new UncheckedIOException(new IOException("no /proc"));
                }))
                .isEmpty();
        assertThat(Machine.readable(() -> 7)).hasValue(7);
    }

    @Test
    void comparesAnAnswerWithTheKnownOne() {
        assertThat(AnswerCheck.of("It is blue.", "cpu", () -> "It is blue.").level())
                .isEqualTo(Finding.Level.OK);
        assertThat(AnswerCheck.of("It is blue.", "cpu", () -> "!!!!").line())
                .startsWith("missing: known answer on cpu: expected \"It is blue.\"")
                .contains("found \"!!!!\"");
        assertThat(AnswerCheck.of("It is blue.", "cpu", () -> {
                            throw new UnsatisfiedLinkError("no libtorch");
                        })
                        .line())
                .startsWith("missing: known answer on cpu: the small model in the jar does not answer: no libtorch");
    }

    @Test
    void findsTheModelOfTheDemoWhole() {
        assertThat(model(DEMO_MODEL.toString(), MUCH_MEMORY).line()).startsWith("ok: model " + DEMO_MODEL);
    }

    @Test
    void warnsOfTooLittleMemoryForTheWeights() {
        assertThat(model(DEMO_MODEL.toString(), 1_000_000_000).line())
                .startsWith("warn: ")
                .contains("and 1.0 GB of memory can be had — make ")
                .containsPattern("make \\d\\.\\d GB free");
    }

    @Test
    void saysThatACheckpointIsCutOff() throws IOException {
        FileUtils.copyDirectory(DEMO_MODEL.toFile(), folder.toFile());
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        Finding finding = model(folder.toString(), MUCH_MEMORY);
        assertThat(finding.level()).isEqualTo(Finding.Level.MISSING);
        assertThat(finding.what()).contains(".safetensors");
    }

    @Test
    void saysThatAModelIsNotThere() {
        assertThat(model(folder.resolve("none").toString(), MUCH_MEMORY).line())
                .startsWith("missing: model ")
                .contains("found no folder");
    }

    @Test
    void saysWhatToDoAboutJavaFoldersAndHugePagesThatAreNotRight() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Machine machine = new Machine(11, "Nobody", OptionalLong.empty(), file, folder, Optional.empty(), Map.of());
        assertThat(MachineChecks.of(machine).stream().map(Finding::line))
                .contains("missing: Java 11 of Nobody — install Java 17 and set JAVA_HOME to it")
                .anyMatch(
                        line -> line.startsWith("missing: folder for native libraries: " + file + " cannot be written"))
                .contains(
                        "warn: memory: /proc/meminfo does not say how much can be had — set --kv-cache-memory-bytes, which is"
                                + " a share of it otherwise")
                .anyMatch(line -> line.startsWith("ok: folder for temporary files: " + folder))
                .anyMatch(line -> line.endsWith("set GLIBC_TUNABLES=glibc.malloc.hugetlb=1"))
                .anyMatch(line -> line.endsWith("set GOMP_SPINCOUNT=1000"));
    }

    @Test
    void saysWhetherTheJarOfRapidsIsThere() {
        assertThat(MachineChecks.rapids("no.such.Plugin").what()).contains("is not on the class path");
        assertThat(MachineChecks.rapids(MachineChecks.class.getName()).what()).endsWith("is on the class path");
    }

    @Test
    void measuresHowFastMemoryIsCopied() {
        assertThat(MemoryBandwidth.measured(32 << 20).bytesPerSecond())
                .isPositive()
                .isFinite();
        assertThat(MachineChecks.bandwidth(new MemoryBandwidth(500_000_000, 12.3e9))
                        .what())
                .startsWith("memory bandwidth: 12.3 GB/s copied")
                .endsWith("that of their caches if these hold 0.5 GB");
    }

    @Test
    void measuresMemoryBeyondTheCachesWhereThereIsRoomForIt() {
        long gib = 1L << 30;
        assertThat(MemoryBandwidth.bytes(64 * gib, OptionalLong.of(64 * gib))).isEqualTo(gib);
        assertThat(MemoryBandwidth.bytes(2 * gib, OptionalLong.empty())).isEqualTo(gib / 2);
        assertThat(MemoryBandwidth.bytes(2 * gib, OptionalLong.of(gib))).isEqualTo(gib / 4);
        assertThat(MemoryBandwidth.bytes(2 * gib, OptionalLong.of(0))).isPositive();
    }

    @Test
    void joinsWhatIsNotWellOnAnotherMachine() {
        Finding fine = Finding.ok("Java 17");
        assertThat(HostFindings.inOne("worker-1", List.of(fine, fine)).line())
                .isEqualTo("ok: worker-1: all 2 findings are well");
        assertThat(HostFindings.inOne(
                                "worker-1",
                                List.of(fine, Finding.warn("slow", "be fast"), Finding.missing("gone", "bring it")))
                        .line())
                .isEqualTo("missing: worker-1: missing: gone; warn: slow — bring it; be fast");
    }

    @Test
    void refusesAnotherSpark() {
        assertThat(MachineChecks.spark("3.5.1").level()).isEqualTo(Finding.Level.MISSING);
        assertThat(MachineChecks.spark("4.1.2").level()).isEqualTo(Finding.Level.OK);
    }

    private static Finding model(String model, long freeBytes) {
        return ModelCheck.of(
                model, freeBytes, EngineOptions.defaults().settings(model).plannedConfig(DeviceSpec.Kind.CPU));
    }
}
