package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.job.demo.DemoFolder;
import io.sparkvlm.spark.InferenceMetrics;
import io.sparkvlm.torch.natives.NativeLibraries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar to submit, on Sparks of several JVMs that have nothing of ours but this jar. */
final class ClusterTest {
    private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void writeInputOfSeveralFiles() throws IOException {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        input = Files.createDirectory(folder.resolve("input"));
        List<String> lines = Reference.linesWithLogprobs();
        for (int i = 0; i < lines.size(); i++) {
            Files.writeString(
                    input.resolve("requests-" + i % 4 + ".jsonl"),
                    lines.get(i) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /** Side by side, because each waits for JVMs that start. */
    @Test
    void answersOnTwoExecutorsOfALocalClusterAlsoWhatAnotherStagePrepared() throws Exception {
        String master = "local-cluster[2,1,2048]";
        Path numbers = Files.createDirectory(folder.resolve("numbers"));
        try (Submitted fused = submit("fused", master, csv(numbers));
                Submitted staged = submit("staged", master, "--preprocessing", "staged")) {
            fused.answersAsRecorded();
            staged.answersAsRecorded();
        }
        assertThat(executorLogs(folder.resolve("fused"))).isNotEmpty().allSatisfy(log -> assertThat(log)
                .contains(" child processes"));
        assertThat(last(numbers, "driver")).isEqualTo(13);
        assertThat(last(numbers, "0") + last(numbers, "1")).isEqualTo(13);
    }

    /** Options that have Spark write each of its numbers to a file of its own, the last time as a process ends. */
    private static String[] csv(Path folder) {
        return new String[] {
            "--conf", "spark.metrics.conf.*.sink.csv.class=org.apache.spark.metrics.sink.CsvSink",
            "--conf", "spark.metrics.conf.*.sink.csv.directory=" + folder,
            "--conf", "spark.metrics.conf.*.sink.csv.period=1",
            "--conf", "spark.metrics.namespace=job"
        };
    }

    /** The rows that a process has counted until its end. */
    private static double last(Path folder, String process) throws IOException {
        Path file = folder.resolve("job." + process + ".plugin.io.sparkvlm.spark.watch.MetricsPlugin.rows.csv");
        List<String> lines = Files.readAllLines(file);
        String line = lines.get(lines.size() - 1); // moment,value
        return Double.parseDouble(line.substring(line.indexOf(',') + 1));
    }

    /** A local cluster's executors write them below Spark's home. */
    private static List<String> executorLogs(Path job) throws IOException {
        List<String> logs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(job.resolve("spark-home/work"))) {
            for (Path file : files.filter(path -> path.endsWith("stderr")).toList()) {
                logs.add(Files.readString(file));
            }
        }
        return logs;
    }

    @Test
    @Tag("long")
    void preparesAgainWhatAnExecutorTookWithIt() throws Exception {
        Path events = Files.createDirectory(folder.resolve("events"));
        Path output = folder.resolve("output");
        List<String> args = SparkProcess.submit(
                "local-cluster[2,1,2048]", folder, Job.generate(input, output, "--preprocessing", "staged"));
        args.addAll(
                0,
                List.of(
                        "--conf",
                        "spark.eventLog.enabled=true",
                        "--conf",
                        "spark.eventLog.compress=false",
                        "--conf",
                        "spark.eventLog.dir=" + events.toUri()));
        try (SparkProcess job = SparkProcess.start(folder, "job", SUBMIT, args)) {
            while (timesPrepared(events) == 0) {
                assertThat(job.isAlive()).as(job.output()).isTrue();
                Thread.sleep(20);
            }
            job.killOne("CoarseGrainedExecutorBackend");
            assertThat(job.await()).as(job.output()).isZero();
            assertThat(job.output()).contains("13 answered, 0 errors");
        }
        assertThat(timesPrepared(events)).isGreaterThan(1);
        List<Row> rows = Job.rows(output);
        assertThat(rows).hasSize(13);
        ReferenceRows.areAnsweredAsRecorded(rows);
    }

    /** Stages that have sent rows into the exchange to their end. */
    private static long timesPrepared(Path events) throws IOException {
        long times = 0;
        try (Stream<Path> files = Files.walk(events)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times += Files.readString(file)
                        .lines()
                        .filter(event -> event.contains("SparkListenerStageCompleted")
                                && event.contains(InferenceMetrics.EXCHANGED))
                        .count();
            }
        }
        return times;
    }

    @Test
    @Tag("long")
    void answersOnTwoWorkersOfAStandaloneCluster() throws Exception {
        int port = freePort();
        String url = "spark://127.0.0.1:" + port;
        try (SparkProcess master = SparkProcess.start(
                        folder,
                        "master",
                        "org.apache.spark.deploy.master.Master",
                        List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"));
                SparkProcess first = worker("first", url);
                SparkProcess second = worker("second", url)) {
            first.awaitLine("Successfully registered with master");
            second.awaitLine("Successfully registered with master");
            try (Submitted job = submitWith("standalone", List.of("--master", url))) {
                job.answersAsRecorded();
            }
            looksAtEveryExecutor(url);
        }
    }

    /** By the ranks' threads of one executor, on the CPU. */
    @Test
    @Tag("long")
    void aModelThatIsSplitOverRanksAnswersAsOneThatIsNot() throws Exception {
        DemoFolder demo = DemoFolder.prepare(folder.resolve("demo"));
        try (SparkProcess whole = ranks(demo, 1);
                SparkProcess split = ranks(demo, 2)) {
            assertThat(whole.await()).as(whole.output()).isZero();
            assertThat(split.await()).as(split.output()).isZero();
            assertThat(split.output()).contains("98 answered, 5 errors");
        }
        assertThat(texts("ranks-2")).hasSize(103).isEqualTo(texts("ranks-1"));
    }

    private SparkProcess ranks(DemoFolder demo, int ranks) throws IOException {
        Path own = Files.createDirectory(folder.resolve("ranks-" + ranks));
        List<String> args = SparkProcess.submit(
                "local-cluster[1,2,2048]",
                own,
                List.of(
                        "generate",
                        "--model",
                        demo.model().toString(),
                        "--dtype",
                        "float32",
                        "--tensor-parallel-size",
                        "" + ranks,
                        "--kv-cache-memory-bytes",
                        "256m",
                        "--allowed-local-media-path",
                        demo.path().toString(),
                        "--input",
                        demo.requests().toString(),
                        "--output",
                        own.resolve("output").toString()));
        return SparkProcess.start(own, "job", SUBMIT, args);
    }

    /** The answers by the rows' ids. */
    private Map<String, String> texts(String job) {
        return Job.rows(folder.resolve(job).resolve("output")).stream()
                .collect(Collectors.toMap(
                        row -> row.getAs("row_id"), row -> row.getAs("status") + ": " + row.getAs("text")));
    }

    /**
     * On a standalone master with a worker of two GPUs that are only names: an executor for each, of which each has one and its engine
     * computes on the CPU.
     */
    @Test
    @Tag("long")
    void everyExecutorHasAGpuOfItsOwnAndAllRowsAreAnswered() throws Exception {
        int port = freePort();
        String url = "spark://127.0.0.1:" + port;
        Path script = Files.writeString(
                folder.resolve("gpus"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"3\", \"5\"]}'\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path offered = Files.writeString(
                folder.resolve("worker.conf"),
                "spark.worker.resource.gpu.amount 2\nspark.worker.resource.gpu.discoveryScript " + script + "\n");
        List<String> lines = new ArrayList<>();
        List<String> recorded = Reference.linesWithLogprobs();
        for (int row = 0; row < 1000; row++) {
            String line = recorded.get(row % recorded.size());
            lines.add(line.replace("\"custom_id\":\"", "\"custom_id\":\"" + row + "-"));
        }
        Files.write(input.resolve("requests.jsonl"), lines);
        Path output = folder.resolve("output");
        List<String> args = SparkProcess.submit(
                url, folder, Job.generate(input.resolve("requests.jsonl"), output, "--device", "cpu"));
        args.addAll(
                0,
                List.of(
                        "--conf", "spark.executor.resource.gpu.amount=1",
                        "--conf", "spark.task.resource.gpu.amount=1",
                        "--conf", "spark.cores.max=2"));
        try (SparkProcess master = SparkProcess.start(
                        folder,
                        "master",
                        "org.apache.spark.deploy.master.Master",
                        List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"));
                SparkProcess worker = worker("worker", url, "--properties-file", offered.toString())) {
            worker.awaitLine("Successfully registered with master");
            try (SparkProcess job = SparkProcess.start(folder, "job", SUBMIT, args)) {
                assertThat(job.await()).as(job.output()).isZero();
            }
        }
        assertThat(Job.rows(output)).hasSize(1000).allSatisfy(row -> assertThat(row.<String>getAs("status"))
                .isEqualTo("ok"));
        assertThat(assignedGpus(folder.resolve("worker"))).containsExactlyInAnyOrder("3", "5");
    }

    /** What the worker has told its executors, in a file of each. */
    private static List<String> assignedGpus(Path work) throws IOException {
        List<String> addresses = new ArrayList<>();
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("resource-executor"))
                    .toList()) {
                JsonNode gpus = Reference.JSON.readTree(file.toFile()).get(0).get("addresses");
                assertThat(gpus).hasSize(1);
                addresses.add(gpus.get(0).textValue());
            }
        }
        return addresses;
    }

    private void looksAtEveryExecutor(String master) throws Exception {
        Path own = Files.createDirectory(folder.resolve("doctor"));
        List<String> args = SparkProcess.submit(
                master,
                own,
                List.of(
                        "doctor",
                        "--executors",
                        "--model",
                        Reference.checkpoint().toString()));
        args.addAll(0, List.of("--conf", "spark.cores.max=2"));
        try (SparkProcess doctor = SparkProcess.start(own, "doctor", SUBMIT, args)) {
            assertThat(doctor.await()).as(doctor.output()).isZero();
            List<String> findings = doctor.output()
                    .lines()
                    .filter(line -> line.matches("(ok|warn|missing): 127\\.0\\.0\\.1/\\d+.*"))
                    .toList();
            assertThat(findings).as(doctor.output()).hasSize(2).noneMatch(line -> line.startsWith("missing"));
        }
    }

    @Test
    @Tag("long")
    void answersInOneProcess() throws Exception {
        try (Submitted job = submitWith("local", List.of())) {
            job.answersAsRecorded();
        }
    }

    /** Starts a job with the files of conf/spark for processors as they are, but for where native libraries are. */
    private Submitted submitWith(String where, List<String> options) throws IOException {
        Path own = Files.createDirectory(folder.resolve(where));
        Path properties = Files.writeString(own.resolve("job.conf"), ConfFiles.text(List.of(where, "cpu")));
        Path output = own.resolve("output");
        List<String> args = new ArrayList<>(List.of("--properties-file", properties.toString()));
        args.addAll(options);
        args.addAll(List.of(
                "--conf",
                "spark.executorEnv.SPARKVLM_CACHE=" + NativeLibraries.cacheFolder(),
                "--conf",
                "spark.executor.extraClassPath=" + SparkProcess.classPath(),
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                "io.sparkvlm.job.Main",
                SparkProcess.jar().toString()));
        args.addAll(Job.generate(input, output));
        return new Submitted(SparkProcess.start(own, "job", SUBMIT, args), output);
    }

    /** Starts a job in a folder of its own. */
    private Submitted submit(String name, String master, String... options) throws IOException {
        Path own = Files.createDirectory(folder.resolve(name));
        Path output = own.resolve("output");
        List<String> args = SparkProcess.submit(master, own, Job.generate(input, output, options));
        return new Submitted(SparkProcess.start(own, "job", SUBMIT, args), output);
    }

    /** A job that runs, and ends with the test. */
    private record Submitted(SparkProcess job, Path output) implements AutoCloseable {
        void answersAsRecorded() throws Exception {
            assertThat(job.await()).as(job.output()).isZero();
            assertThat(job.output()).contains("13 answered, 0 errors");
            List<Row> rows = Job.rows(output);
            ReferenceRows.areAnsweredAsRecorded(rows);
            Set<String> files = rows.stream()
                    .map(row -> row.<String>getAs("row_id").replaceAll(":\\d+$", ""))
                    .collect(Collectors.toSet());
            assertThat(files)
                    .containsExactlyInAnyOrder(
                            "requests-0.jsonl", "requests-1.jsonl", "requests-2.jsonl", "requests-3.jsonl");
        }

        @Override
        public void close() throws InterruptedException {
            job.close();
        }
    }

    private SparkProcess worker(String name, String master, String... others) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "--host",
                "127.0.0.1",
                "--cores",
                "8",
                "--memory",
                "4g",
                "--webui-port",
                "0",
                "--work-dir",
                folder.resolve(name).toString()));
        args.addAll(List.of(others));
        args.add(master);
        return SparkProcess.start(folder, name, "org.apache.spark.deploy.worker.Worker", args);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
