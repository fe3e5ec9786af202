package io.sparkvlm.bench.endurance;

import io.sparkvlm.bench.Checkout;
import io.sparkvlm.bench.endurance.Trend.Point;
import io.sparkvlm.job.Main;
import io.sparkvlm.job.demo.DemoFolder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the main job for long on mixed rows, good and bad, and tells whether what it takes of its machine grows. */
@Command(
        name = "soak",
        description = "Lets the embedded model answer text, pictures and videos, damaged ones among them, for long, and"
                + " tells how memory, threads, descriptors and children grow.")
public final class SoakBench implements Callable<Integer> {
    private static final int ROWS = 3_000_000; // more than a run comes to
    /** Of a token of a picture, and a number that has no factor with that of the pictures. */
    private static final int PIXELS = 28 * 28;

    private static final int MOST_TIMES = 61;
    private static final int HEAP_MIB = 1024;
    private static final int SECONDS_TO_STOP = 60;
    /** Of samples at the start, when caches and code fill. */
    private static final int WARM_UP_OF = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--minutes", defaultValue = "30", description = "How long (default: ${DEFAULT-VALUE})")
    private int minutes;

    @Option(names = "--every", defaultValue = "15", description = "Seconds between samples (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("sparkvlm-soak");
        PrintWriter out = spec.commandLine().getOut();
        DemoFolder demo = DemoFolder.prepare(work.resolve("demo"));
        Path input = input(work.resolve("in.jsonl"));
        Process job = start(demo, input, work);
        List<Point> points = new ArrayList<>();
        try {
            watch(job, new PublishedRows(work.resolve("out")), points, out);
        } finally {
            job.destroy();
            if (!job.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                job.destroyForcibly();
            }
        }
        return report(points, out) ? 0 : 1;
    }

    private void watch(Process job, PublishedRows published, List<Point> points, PrintWriter out) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        out.println("   rows  heap MiB  resident MiB  descriptors  threads  children");
        while (System.nanoTime() < end && !job.waitFor(seconds, TimeUnit.SECONDS)) {
            Point point = new Point(published.count(), ProcessSample.of(job.toHandle()));
            ProcessSample sample = point.sample();
            points.add(point);
            out.printf(
                    "%7d %9.1f %13.0f %12d %8d %9d%n",
                    point.rows(),
                    sample.heapMib(),
                    sample.residentMib(),
                    sample.descriptors(),
                    sample.threads(),
                    sample.children());
            out.flush();
        }
        if (!job.isAlive()) {
            throw new IOException("expected a job that runs on, found exit code " + job.exitValue());
        }
    }

    /** Whether nothing grew. */
    private static boolean report(List<Point> points, PrintWriter out) {
        List<Point> warm = points.subList(points.size() / WARM_UP_OF, points.size());
        out.printf("growth a 1,000 rows, by least squares over the last %d samples:%n", warm.size());
        boolean flat = true;
        flat &= grows(warm, "heap MiB", 1, ProcessSample::heapMib, out);
        flat &= grows(warm, "resident MiB", 1, ProcessSample::residentMib, out);
        flat &= grows(warm, "descriptors", 0.1, ProcessSample::descriptors, out);
        flat &= grows(warm, "threads", 0.1, ProcessSample::threads, out);
        flat &= grows(warm, "children", 0.1, ProcessSample::children, out);
        return flat;
    }

    /** Whether it stays below what is allowed. */
    private static boolean grows(
            List<Point> points, String name, double most, ToDoubleFunction<ProcessSample> what, PrintWriter out) {
        double growth = Trend.ofAThousandRows(points, what);
        out.printf("  %-12s %8.3f (of %.1f that may be)%n", name, growth, most);
        return growth <= most;
    }

    /** The heap is there from the start, so that what is resident grows by what lies outside it. */
    private static Process start(DemoFolder demo, Path input, Path work) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Checkout.file("conf/spark-java.options"),
                        "-Xms" + HEAP_MIB + "m",
                        "-Xmx" + HEAP_MIB + "m",
                        "-XX:+UseG1GC",
                        "-XX:+AlwaysPreTouch",
                        "-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "generate",
                        "--model",
                        demo.model().toString(),
                        "--input",
                        input.toString(),
                        "--allowed-local-media-path",
                        media().toString(),
                        "--output",
                        work.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
    }

    private static Path media() {
        return Checkout.file("preprocessing/src/test/resources").toAbsolutePath();
    }

    /** Every picture and video of the tests by turns, with questions of text between them, and lines that are none. */
    private static Path input(Path file) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> pictures = Files.walk(media().resolve("images"));
                Stream<Path> videos = Files.walk(media().resolve("videos"))) {
            pictures.filter(Files::isRegularFile).sorted().forEach(path -> contents.add(part("image_url", path)));
            videos.filter(Files::isRegularFile).sorted().forEach(path -> contents.add(part("video_url", path)));
        }
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (int row = 0; row < ROWS; row++) {
                // Bounds that differ, so that no cache of pictures has them all.
                String medium = row % 3 == 0
                        ? ""
                        : contents.get(row % contents.size()).formatted(PIXELS * (1 + row % MOST_TIMES)) + ",";
                lines.write(
                        row % 97 == 0
                                ? "{\"messages\":"
                                : "{\"messages\":[{\"role\":\"user\",\"content\":[" + medium
                                        + "{\"type\":\"text\",\"text\":\"What is in row " + row
                                        + "?\"}]}],\"max_tokens\":8}");
                lines.newLine();
            }
        }
        return file;
    }

    private static String part(String type, Path path) {
        return "{\"type\":\"" + type + "\",\"" + type + "\":{\"url\":\""
                + path.toUri().toString().replace("%", "%%") + "\",\"max_pixels\":%d}}";
    }
}
