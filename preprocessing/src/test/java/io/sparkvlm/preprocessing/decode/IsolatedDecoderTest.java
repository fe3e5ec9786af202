package io.sparkvlm.preprocessing.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.decode.FaultyDecoderMain.Fault;
import io.sparkvlm.preprocessing.decode.FaultyDecoderMain.Task;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Children with faults cost their own row, and no other. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // waits for what children do, and a fault may keep them from it
class IsolatedDecoderTest {
    private static final MediaReference REFERENCE = Pictures.REFERENCE;

    @TempDir
    private Path folder;

    private Set<Long> others;

    @BeforeEach
    void seeWhatIsThere() {
        others = Set.of();
        others = children();
    }

    @AfterEach
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingIsLeft() throws InterruptedException {
        while (!children().isEmpty()) {
            Thread.sleep(10);
        }
        String rooms = "sparkvlm-room-" + ProcessHandle.current().pid() + "-";
        assertThat(Path.of("/dev/shm").toFile().list((dir, name) -> name.startsWith(rooms)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DEREFERENCES_NULL, MEDIA_DECODE_CRASHED, crashes its decoder",
        "HANGS, MEDIA_DECODE_TIMEOUT, takes longer",
        "FILLS_THE_HEAP, MEDIA_DECODE_CRASHED, takes more",
        "FILLS_NATIVE_MEMORY, MEDIA_DECODE_CRASHED, takes more",
        "WRITES_GARBAGE, MEDIA_DECODE_CRASHED, crashes its decoder",
        "CLAIMS_A_HUGE_PICTURE, MEDIA_DECODE_CRASHED, crashes its decoder",
        "CLAIMS_AN_UNKNOWN_CODE, MEDIA_DECODE_CRASHED, crashes its decoder",
        "EXITS, MEDIA_DECODE_CRASHED, crashes its decoder",
    })
    void aMediumThatKillsItsDecoderTwiceIsRefusedAndTheNextIsNot(Fault fault, ErrorCode code, String words)
            throws Exception {
        try (MediaDecoder decoder = IsolatedDecoder.open(faulty(), MediaLimits.DEFAULT)) {
            Rejection rejection = rejection(decoder.decode(request(fault), REFERENCE, picture -> {}));

            assertThat(rejection.code()).as(rejection.message()).isEqualTo(code);
            assertThat(rejection.message()).contains(words).hasSizeLessThan(300);
            assertThat(rejection.param()).contains(REFERENCE.param());
            assertThat(pictures(decoder, request(Fault.NONE))).containsExactly(0, 1, 2);
        }
    }

    @Test
    void aMediumGetsASecondTryAndGivesEachPictureOnce() throws Exception {
        try (MediaDecoder decoder = IsolatedDecoder.open(faulty(), MediaLimits.DEFAULT)) {
            Task once = new Task(Fault.EXITS_BEHIND_THE_SECOND_PICTURE_ONCE, folder.resolve("tried"));

            assertThat(pictures(decoder, once)).containsExactly(0, 1, 2);
            assertThat(folder.resolve("tried")).exists();
        }
    }

    @Test
    void aChildIsKeptForTheNextMedium() throws Exception {
        try (MediaDecoder decoder = IsolatedDecoder.open(faulty(), MediaLimits.DEFAULT)) {
            Set<Long> first = children();
            pictures(decoder, request(Fault.NONE));
            pictures(decoder, request(Fault.NONE));

            assertThat(children()).isEqualTo(first).hasSize(1);
        }
    }

    @Test
    void whatThePictureIsUsedForTakesNoneOfItsTime() throws Exception {
        try (MediaDecoder decoder = IsolatedDecoder.open(faulty(), MediaLimits.DEFAULT)) {
            Set<Long> before = children();
            IllegalStateException mine = new IllegalStateException("the picture is of no use");

            assertThatThrownBy(() -> decoder.decode(request(Fault.NONE), REFERENCE, picture -> {
                        throw mine;
                    }))
                    .isSameAs(mine);
            // Its child waits to be told to go on, so it is of no use either.
            assertThat(pictures(decoder, request(Fault.NONE))).hasSize(3);
            assertThat(children()).doesNotContainAnyElementsOf(before);
        }
    }

    @Test
    void eightTasksShareAFewChildrenAndOneFaultCostsOneRow() throws Exception {
        try (MediaDecoder decoder = IsolatedDecoder.open(faulty(), MediaLimits.DEFAULT)) {
            ExecutorService tasks = Executors.newFixedThreadPool(8);
            List<Future<Outcome<Integer>>> outcomes = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                Task request = request(i % 20 == 7 ? Fault.EXITS : Fault.NONE);
                outcomes.add(tasks.submit(() -> decoder.decode(request, REFERENCE, picture -> {})));
            }
            int refused = 0;
            for (Future<Outcome<Integer>> outcome : outcomes) {
                refused += outcome.get().fold(count -> 0, rejection -> 1);
            }
            tasks.shutdown();

            assertThat(refused).isEqualTo(4);
            assertThat(children()).hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void closingEndsWhatIsBeingDecoded() throws Exception {
        MediaDecoder decoder = IsolatedDecoder.open(faulty(), MediaLimits.DEFAULT);
        Path hanging = folder.resolve("hanging");
        Task slow = new Task(Fault.HANGS, hanging, Duration.ofHours(1));
        ExecutorService task = Executors.newSingleThreadExecutor();
        Future<Outcome<Integer>> outcome = task.submit(() -> decoder.decode(slow, REFERENCE, picture -> {}));
        while (Files.notExists(hanging)) {
            Thread.sleep(10);
        }
        decoder.close();
        task.shutdown();

        assertThatThrownBy(outcome::get).hasRootCauseMessage("expected open decoders, found them closed");
    }

    @Test
    void aChildThatCannotStartIsSaidAtOnce() throws Exception {
        ChildCommand nothing = new ChildCommand("io.sparkvlm.NoSuchMain", List.of(folder));

        assertThatThrownBy(() -> IsolatedDecoder.open(nothing, MediaLimits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not start")
                .hasMessageContaining("NoSuchMain")
                .hasMessageContaining("--isolate-decoding=false");
    }

    @Test
    void aMissingLibraryIsSaidAtOnce() throws Exception {
        ChildCommand whole = ChildCommand.ofThisProcess();
        ChildCommand lacking = new ChildCommand(
                whole.mainClass(),
                whole.classPath().stream()
                        .filter(path -> !path.getFileName().toString().startsWith("opencv"))
                        .toList());

        assertThatThrownBy(() -> IsolatedDecoder.open(lacking, MediaLimits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not start");
    }

    private Task request(Fault fault) {
        Duration budget = fault == Fault.HANGS ? Duration.ofMillis(700) : Duration.ofMinutes(5);
        return new Task(fault, folder.resolve("unused"), budget);
    }

    static ChildCommand faulty() throws IOException, URISyntaxException {
        List<Path> path = new ArrayList<>(ChildCommand.ofThisProcess().classPath());
        path.add(Path.of(FaultyDecoderMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
        return new ChildCommand(FaultyDecoderMain.class.getName(), path);
    }

    private static List<Integer> pictures(MediaDecoder decoder, Task request) {
        List<Integer> first = new ArrayList<>();
        decoder.decode(request, REFERENCE, picture -> first.add((int) picture.rgb()[0]))
                .fold(Optional::of, rejection -> {
                    throw new AssertionError(rejection.message());
                });
        return first;
    }

    private static Rejection rejection(Outcome<Integer> outcome) {
        return outcome.fold(
                count -> {
                    throw new AssertionError("decoded to " + count + " pictures");
                },
                rejection -> rejection);
    }

    private Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(pid -> !others.contains(pid))
                .collect(Collectors.toSet());
    }
}
