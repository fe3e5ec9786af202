package io.sparkvlm.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster of two workers with two GPUs each, which are nothing but names: Spark only counts them. */
final class AssignedGpusTest {
    /** For JVMs that live for seconds. */
    static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final long MINUTES = 15;

    @TempDir
    private Path folder;

    @Test
    void everyExecutorHasOneEngineOnTheGpuThatSparkAssignedToIt() throws Exception {
        int port = freePort();
        String url = "spark://127.0.0.1:" + port;
        List<Process> cluster = new ArrayList<>();
        try {
            cluster.add(java(
                    "master",
                    "org.apache.spark.deploy.master.Master",
                    List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0")));
            cluster.add(worker("first", url, "0", "1"));
            cluster.add(worker("second", url, "2", "3"));
            assertAssigned(url, "plugin");
            assertAssigned(url, "tasks");
        } finally {
            for (Process process : cluster) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }

    private void assertAssigned(String url, String teller) throws Exception {
        Path engines = Files.createDirectory(folder.resolve("engines-" + teller));
        Process job = java(teller, AssignedGpusJob.class.getName(), List.of(url, engines.toString(), teller));
        assertThat(job.waitFor(MINUTES, TimeUnit.MINUTES)).as(log(teller)).isTrue();
        assertThat(job.exitValue()).as(log(teller)).isZero();

        List<String> opened = new ArrayList<>(); // "process gpu"
        try (Stream<Path> files = Files.list(engines)) {
            for (Path file : files.toList()) {
                assertThat(file.getFileName().toString()).startsWith("opened-by-" + teller + "-");
                opened.add(Files.readString(file));
            }
        }
        assertThat(opened.stream().map(line -> line.substring(line.indexOf(' ') + 1)))
                .as("one engine on each GPU")
                .containsExactlyInAnyOrder("0", "1", "2", "3");
        assertThat(opened.stream().map(line -> line.substring(0, line.indexOf(' '))))
                .as("one engine in each process")
                .doesNotHaveDuplicates();
        List<String> tasks = log(teller)
                .lines()
                .filter(line -> line.startsWith("task "))
                .map(line -> line.substring("task ".length()))
                .toList();
        assertThat(tasks).hasSize(48);
        assertThat(opened).as("each task shares its own process's engine").containsAll(tasks);
    }

    private Process worker(String name, String master, String... gpus) throws IOException {
        Path script = Files.createFile(
                folder.resolve(name + "-gpus.sh"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(
                script,
                "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + String.join("\", \"", gpus) + "\"]}'\n");
        Path properties = Files.writeString(
                folder.resolve(name + ".conf"),
                "spark.worker.resource.gpu.amount " + gpus.length + "\nspark.worker.resource.gpu.discoveryScript "
                        + script + "\n");
        return java(
                name,
                "org.apache.spark.deploy.worker.Worker",
                List.of(
                        "--host",
                        "127.0.0.1",
                        "--cores",
                        "4",
                        "--memory",
                        "2g",
                        "--webui-port",
                        "0",
                        "--work-dir",
                        folder.resolve(name).toString(),
                        "--properties-file",
                        properties.toString(),
                        master));
    }

    /** One of Spark's programs, or the driver, with the class path of the tests. */
    private Process java(String name, String mainClass, List<String> args) throws IOException {
        Files.createDirectories(folder.resolve("spark-home/jars"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(List.of(QUICK_START.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("spark-home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
