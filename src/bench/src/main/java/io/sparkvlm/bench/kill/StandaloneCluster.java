package io.sparkvlm.bench.kill;

import io.sparkvlm.job.options.SparkOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * A master and two workers of Spark in processes of their own. The workers have addresses of their own, because Spark runs
 * no second copy of a task on a host that runs the first.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final int CORES = 2;
    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

    private final Path folder;
    private final String master;
    private final List<Process> processes = new ArrayList<>();

    private StandaloneCluster(Path folder, String master) {
        this.folder = folder;
        this.master = master;
    }

    static StandaloneCluster start(Path folder) throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        StandaloneCluster cluster = new StandaloneCluster(folder, "spark://127.0.0.1:" + port);
        cluster.run("master.Master", "127.0.0.1", "--port", "" + port);
        for (int worker = 1; worker <= WORKERS; worker++) {
            cluster.run(
                    "worker.Worker",
                    "127.0.0." + worker,
                    "--cores",
                    "" + CORES,
                    "--memory",
                    "2g",
                    "--work-dir",
                    folder.resolve("work-" + worker).toString(),
                    cluster.master);
        }
        return cluster;
    }

    private void run(String program, String host, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.spark.deploy." + program,
                "--host",
                host,
                "--webui-port",
                "0"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(program + host + ".log").toFile()));
        Files.createDirectories(folder.resolve("spark-home/jars"));
        builder.environment().put("SPARK_HOME", folder.resolve("spark-home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", host);
        processes.add(builder.start());
    }

    /** What a job is told so that it runs here, on executors of so many cores. */
    String[] settings(int cores) {
        return new String[] {
            "spark.master=" + master,
            "spark.executor.memory=512m",
            "spark.executor.cores=" + cores,
            "spark.cores.max=" + cores * WORKERS,
            "spark.task.maxFailures=20",
            "spark.executor.extraClassPath=" + System.getProperty("java.class.path"),
            "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.executor.heartbeatInterval=1s",
            "spark.network.timeout=8s",
            "spark.network.timeoutInterval=2s",
            "spark.storage.blockManagerHeartbeatTimeoutMs=8s",
            "spark.driver.host=127.0.0.1"
        };
    }

    /** What the command line tells Spark of tasks and executors that fail. */
    String[] retryBudget() {
        return Arrays.stream(CommandLine.populateCommand(new SparkOptions(), "--master", master)
                        .conf()
                        .getAll())
                .filter(setting -> setting._1().matches("spark\\.(excludeOnFailure\\..*|.*Failures|.*Attempts)"))
                .map(setting -> setting._1() + "=" + setting._2())
                .toArray(String[]::new);
    }

    /** The executors that run. */
    List<ProcessHandle> executors() {
        return processes.stream()
                .flatMap(Process::descendants)
                .filter(child -> commandLine(child).contains(EXECUTOR))
                .toList();
    }

    /** Sends an executor a signal, as {@code STOP} and {@code CONT}. */
    static void signal(ProcessHandle process, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
    }

    /** Java's own tells none of more than a page, and a class path takes several. */
    private static String commandLine(ProcessHandle child) {
        try {
            return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"));
        } catch (IOException e) { // it has ended
            return "";
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
