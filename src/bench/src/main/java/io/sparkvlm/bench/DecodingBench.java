package io.sparkvlm.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.decode.MediaDecoder;
import io.sparkvlm.preprocessing.decode.task.ImageTask;
import io.sparkvlm.preprocessing.image.EncodedImage;
import io.sparkvlm.preprocessing.image.ImageInspector;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import io.sparkvlm.preprocessing.vision.SmartResize;
import io.sparkvlm.preprocessing.vision.VisionEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** JPEG bytes to patches, decoded in child processes and in this one, in turns. */
@Command(
        name = "decoding",
        description = "JPEG bytes to patches, isolated and not, in turns; start and memory of a child.")
final class DecodingBench implements Callable<Integer> {
    private static final MediaReference REFERENCE = new MediaReference("picture", MediaKind.IMAGE, "picture");

    @Spec
    private CommandSpec spec;

    @Option(names = "--tasks", defaultValue = "1", description = "Threads that decode. Default: ${DEFAULT-VALUE}")
    private int tasks;

    @Option(names = "--rounds", defaultValue = "5", description = "Of each place. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "A round takes. Default: ${DEFAULT-VALUE}")
    private int seconds;

    /** What one place did in all its rounds. */
    private static final class RightAnswers {
        private long images;
        private double wallSeconds;
        private double coreSeconds;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        start(out);
        try (MediaDecoder isolated = DecoderIsolation.CHILD_PROCESSES.open(MediaLimits.DEFAULT);
                MediaDecoder inProcess = DecoderIsolation.THIS_PROCESS.open(MediaLimits.DEFAULT)) {
            for (int[] size : new int[][] {{1024, 768}, {4000, 3000}}) {
                byte[] jpeg = NoisyPicture.jpeg(7, size[0], size[1]);
                out.printf("%d x %d, JPEG of %d KB, %d at once%n", size[0], size[1], jpeg.length / 1000, tasks);
                round(inProcess, jpeg, new RightAnswers());
                round(isolated, jpeg, new RightAnswers());
                RightAnswers here = new RightAnswers();
                RightAnswers there = new RightAnswers();
                for (int i = 0; i < rounds; i++) {
                    round(inProcess, jpeg, here);
                    round(isolated, jpeg, there);
                }
                print(out, "in process", here);
                print(out, "isolated", there);
                out.printf(
                        "  isolation costs %.1f %% of the images a core-second, %.1f %% of those a second%n",
                        100 * (1 - there.images / there.coreSeconds / (here.images / here.coreSeconds)),
                        100 * (1 - there.images / there.wallSeconds / (here.images / here.wallSeconds)));
                out.flush();
            }
        }
        return 0;
    }

    private static void start(PrintWriter out) throws IOException {
        DecoderIsolation.CHILD_PROCESSES.open(MediaLimits.DEFAULT).close(); // unpacks what is not unpacked
        long start = System.nanoTime();
        try (MediaDecoder decoder = DecoderIsolation.CHILD_PROCESSES.open(MediaLimits.DEFAULT)) {
            out.printf("start of a child: %.2f s%n", (System.nanoTime() - start) / 1e9);
            for (ProcessHandle child : ProcessHandle.current().children().toList()) {
                Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "status")).stream()
                        .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile|RssShmem|VmData|Threads):.*"))
                        .forEach(line -> out.println("  idle child " + line.replaceAll("\\s+", " ")));
                out.println(
                        "  idle child CPU " + child.info().totalCpuDuration().orElse(Duration.ZERO));
            }
            out.flush();
        }
    }

    private static void print(PrintWriter out, String place, RightAnswers tally) {
        out.printf(
                "  %-12s %8.1f images a core-second, %8.1f images a second%n",
                place, tally.images / tally.coreSeconds, tally.images / tally.wallSeconds);
    }

    private void round(MediaDecoder decoder, byte[] jpeg, RightAnswers tally) throws Exception {
        long start = System.nanoTime();
        long cpuStart = cpuNanos();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(tasks);
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            counts.add(threads.submit(() -> {
                long images = 0;
                while (System.nanoTime() < end) {
                    patches(decoder, jpeg);
                    images++;
                }
                return images;
            }));
        }
        for (Future<Long> count : counts) {
            tally.images += count.get();
        }
        threads.shutdown();
        tally.wallSeconds += (System.nanoTime() - start) / 1e9;
        tally.coreSeconds += (cpuNanos() - cpuStart) / 1e9;
    }

    /** Of this process and its children, the ended ones too: one is replaced after so many pictures. */
    private static long cpuNanos() throws IOException {
        long own = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        return own
                + endedChildrenCpuNanos()
                + ProcessHandle.current()
                        .children()
                        .mapToLong(child -> child.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos())
                        .sum();
    }

    /** proc(5), /proc/pid/stat: cutime and cstime, in ticks of 10 ms, are the 14th and 15th after the name. */
    private static long endedChildrenCpuNanos() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14]))
                * Duration.ofMillis(10).toNanos();
    }

    private static void patches(MediaDecoder decoder, byte[] jpeg) {
        EncodedImage image = new ImageInspector(MediaLimits.DEFAULT)
                .inspect(new FetchedFile(jpeg, "picture"), REFERENCE)
                .fold(found -> found, rejection -> {
                    throw new IllegalStateException(rejection.message());
                });
        PatchGeometry geometry = PatchGeometry.QWEN2_VL;
        ResizedSize size =
                SmartResize.fit(image.header().width(), image.header().height(), PixelBounds.IMAGE_DEFAULT, geometry);
        VisionEncoder vision = new VisionEncoder(VisionEncoder.gridOf(geometry, size, 1), 1);
        decoder.decode(ImageTask.of(image), REFERENCE, vision::accept).fold(count -> count, rejection -> {
            throw new IllegalStateException(rejection.message());
        });
        vision.encoded();
    }
}
