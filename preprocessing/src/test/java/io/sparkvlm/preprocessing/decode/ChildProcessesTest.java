package io.sparkvlm.preprocessing.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.image.Mutations;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Children decode as this process does, whatever happens to them and whatever they are given. */
class ChildProcessesTest {
    /** Small: a damaged size may ask for a large picture. */
    private static final ImageInspector INSPECTOR = new ImageInspector(new MediaLimits(1 << 20, 1 << 22));

    private static final Set<ErrorCode> OF_A_DAMAGED_FILE = Set.of(
            MediaCode.IMAGE_PARSE_ERROR,
            MediaCode.UNSUPPORTED_IMAGE_MEDIA_TYPE,
            MediaCode.EMPTY_IMAGE_FILE,
            MediaCode.IMAGE_TOO_LARGE,
            MediaCode.INVALID_IMAGE_ASPECT_RATIO);

    private static MediaDecoder isolated;
    private static MediaDecoder inProcess;

    @BeforeAll
    static void open() throws IOException {
        isolated = DecoderIsolation.CHILD_PROCESSES.open(MediaLimits.DEFAULT);
        inProcess = DecoderIsolation.THIS_PROCESS.open(MediaLimits.DEFAULT);
    }

    @AfterAll
    static void noChildOutlivesItsDecoder() throws Exception {
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        isolated.close();
        inProcess.close();
        for (ProcessHandle child : children) {
            child.onExit().get(5, TimeUnit.MINUTES);
        }
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void picturesAndRejectionsAreThoseOfThisProcess() throws IOException {
        Mutations mutations = new Mutations(1);
        for (int i = 0; i < 200; i++) {
            byte[] file = mutations.next();
            assertThat(decoded(isolated, file)).isEqualTo(decoded(inProcess, file));
        }
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void twoThousandMutatedFilesEndInARowEach() throws Exception {
        mutatedFilesEndInARowEach(2_000);
    }

    @Test
    @Tag("long")
    void sixteenThousandMutatedFilesEndInARowEach() throws Exception {
        mutatedFilesEndInARowEach(16_000);
    }

    private static void mutatedFilesEndInARowEach(int files) throws Exception {
        Mutations mutations = new Mutations(files);
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        List<Future<Outcome<String>>> outcomes = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            byte[] file = mutations.next();
            outcomes.add(tasks.submit(() -> decoded(isolated, file)));
        }
        int decoded = 0;
        Map<ErrorCode, Integer> refused = new HashMap<>();
        for (Future<Outcome<String>> outcome : outcomes) {
            Optional<ErrorCode> code =
                    outcome.get().fold(picture -> Optional.empty(), reason -> Optional.of(reason.code()));
            code.ifPresent(found -> refused.merge(found, 1, Integer::sum));
            decoded += code.isEmpty() ? 1 : 0;
        }
        tasks.shutdown();

        assertThat(refused.keySet()).isSubsetOf(OF_A_DAMAGED_FILE);
        assertThat(refused.values().stream().mapToInt(count -> count).sum() + decoded)
                .isEqualTo(files);
        assertThat(decoded).isPositive();
    }

    /** What a decoder's segmentation fault looks like from outside. */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void rowsAreRightWhileTheirChildrenAreShot() throws Exception {
        byte[] file = Pictures.read("reference/tied/media/wide.jpg");
        Outcome<String> expected = decoded(inProcess, file);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger right = new AtomicInteger();
        ExecutorService tasks = Executors.newFixedThreadPool(8);
        List<Future<?>> ends = new ArrayList<>();
        for (int task = 0; task < 8; task++) {
            ends.add(tasks.submit(() -> {
                while (!done.get()) {
                    decoded(isolated, file)
                            .handle(
                                    pixels -> {
                                        assertThat(Outcome.ok(pixels)).isEqualTo(expected);
                                        right.incrementAndGet();
                                    },
                                    rejection ->
                                            assertThat(rejection.code()).isEqualTo(MediaCode.MEDIA_DECODE_CRASHED));
                }
            }));
        }
        for (int shot = 1; shot <= 6; shot++) {
            int before = right.get();
            while (right.get() < before + 20) {
                Thread.sleep(10);
            }
            Optional<ProcessHandle> child = ProcessHandle.current().children().findAny();
            if (child.isPresent()) {
                new ProcessBuilder("kill", "-SEGV", Long.toString(child.get().pid()))
                        .start()
                        .waitFor();
            }
        }
        done.set(true);
        for (Future<?> end : ends) {
            end.get();
        }
        tasks.shutdown();
    }

    @Test
    void noChildOutlivesAKilledExecutor() throws Exception {
        Process executor = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Executor.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(executor.getInputStream(), StandardCharsets.UTF_8))) {
            lines.readLine();
        }
        List<ProcessHandle> children = executor.children().toList();
        executor.destroyForcibly().waitFor();

        assertThat(children).isNotEmpty();
        for (ProcessHandle child : children) {
            child.onExit().get(5, TimeUnit.MINUTES);
        }
    }

    /** Stands in for an executor that is killed. */
    static final class Executor {
        private Executor() {}

        public static void main(String[] args) throws Exception {
            try (MediaDecoder decoder = DecoderIsolation.CHILD_PROCESSES.open(MediaLimits.DEFAULT)) {
                System.out.println("open");
                int unused = System.in.read(); // the test's end, if it does not kill this before
            }
        }
    }

    @Test
    void aChildSeesNoneOfTheExecutorsEnvironment() throws IOException {
        List<Set<String>> names = new ArrayList<>();
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            String environment = Files.readString(Path.of("/proc", "" + child.pid(), "environ"));
            names.add(environment
                    .lines()
                    .flatMap(line -> Arrays.stream(line.split("\0")))
                    .map(variable -> variable.split("=", 2)[0])
                    .collect(Collectors.toSet()));
        }
        assertThat(names).isNotEmpty().allSatisfy(found -> assertThat(found)
                .isSubsetOf(
                        "LANG",
                        "LC_ALL",
                        "LC_CTYPE",
                        "LD_LIBRARY_PATH",
                        "OPENBLAS_NUM_THREADS",
                        "MALLOC_ARENA_MAX",
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_"));
    }

    /** The picture's size and digest. */
    private static Outcome<String> decoded(MediaDecoder decoder, byte[] file) {
        List<String> pictures = new ArrayList<>();
        return INSPECTOR
                .inspect(new FetchedFile(file, "file"), Pictures.REFERENCE)
                .flatMap(image -> decoder.decode(
                        ImageTask.of(image),
                        Pictures.REFERENCE,
                        picture -> pictures.add(
                                picture.width() + " x " + picture.height() + " " + Pictures.sha256(picture.rgb()))))
                .map(count -> count + " " + pictures);
    }
}
