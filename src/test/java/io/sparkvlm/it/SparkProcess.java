package io.sparkvlm.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One of Spark's own programs in a JVM of its own, from Spark's jars alone: what it runs of ours comes from the jar to
 * submit. Ends with what it started when closed.
 */
final class SparkProcess implements AutoCloseable {
    private static final Path TARGET =
            Path.of("../../job/target").toAbsolutePath().normalize();
    /** For a JVM that lives for seconds: the good compiler would take as long as what it compiles. */
    static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** What the jar to submit has inside, and a Spark distribution has not. */
    private static final Pattern OURS = Pattern.compile(
            ".*(/sparkvlm-|/classes$|/org/bytedeco/|/ai/djl/|/com/github/ben-manes/|/com/github/seancfoley/"
                    + "|/com/hubspot/|/info/picocli/|/net/java/dev/jna/|/org/apache/httpcomponents/c[a-z]+5/"
                    + "|/org/eclipse/jetty/).*");

    private final Process process;
    private final Path log;

    private SparkProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static Path jar() {
        return TARGET.resolve("spark-vlm.jar");
    }

    /** Spark's class path: what the build resolved for the job, without what is ours. */
    static String classPath() throws IOException {
        return Arrays.stream(Files.readString(TARGET.resolve("spark.classpath")).split(":"))
                .filter(entry -> !OURS.matcher(entry).matches())
                .collect(Collectors.joining(":"));
    }

    /** Starts a main class; its output goes to a log in the folder, which also stands in for Spark's own. */
    static SparkProcess start(Path folder, String name, String mainClass, List<String> args) throws IOException {
        return start(folder, name, classPath(), Map.of(), mainClass, args);
    }

    /** The same from a class path of the caller's, with more variables. */
    static SparkProcess start(
            Path folder,
            String name,
            String classPath,
            Map<String, String> environment,
            String mainClass,
            List<String> args)
            throws IOException {
        Files.createDirectories(folder.resolve("spark-home/jars"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(QUICK_START);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(args);
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("spark-home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().putAll(environment);
        return new SparkProcess(builder.start(), log);
    }

    /** The arguments of spark-submit that run the job with two executors of one core. */
    static List<String> submit(String master, Path folder, List<String> job) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "--master",
                master,
                "--class",
                "io.sparkvlm.job.Main",
                "--conf",
                "spark.executor.memory=1g",
                "--conf",
                "spark.executor.cores=1",
                "--conf",
                "spark.executor.extraClassPath=" + classPath(),
                "--conf",
                "spark.executor.extraJavaOptions=" + String.join(" ", QUICK_START),
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.local.dir=" + folder.resolve("local"),
                jar().toString()));
        args.addAll(job);
        return args;
    }

    /** Waits until a line of the log holds the text. */
    void awaitLine(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("expected \"" + text + "\" in the log, found:\n" + output());
            }
            Thread.sleep(100);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills a process that this one started, without a warning. */
    void killOne(String mainClass) {
        ProcessHandle one = process.descendants()
                .filter(child -> commandLine(child).contains(mainClass))
                .findFirst()
                .orElseThrow();
        one.destroyForcibly();
    }

    /** Java's own tells none of more than a page, and a class path takes several. */
    private static String commandLine(ProcessHandle child) {
        try {
            return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"));
        } catch (IOException e) { // it has ended
            return "";
        }
    }

    /** Asks it to end, as a terminal or a cluster does. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end; returns the exit code. */
    int await() throws InterruptedException, IOException {
        if (!process.waitFor(30, TimeUnit.MINUTES)) {
            throw new IOException("expected an end within half an hour, found:\n" + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
