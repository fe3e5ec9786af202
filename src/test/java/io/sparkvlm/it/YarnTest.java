package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sparkvlm.torch.natives.NativeLibraries;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jar submitted to a YARN of one node with conf/spark/yarn.conf and cpu.conf as they are. Spark's classes for YARN come from a
 * Spark distribution: the folder that sparkvlm.spark.home names, or PySpark as notebooks/test has installed it.
 */
@Tag("long")
@Timeout(600)
final class YarnTest {
    private static final int NODE_MEGABYTES = 64 * 1024; // counted, not taken

    @TempDir
    private Path folder;

    private MiniYARNCluster cluster;
    private Path hadoopConf;

    @BeforeEach
    void startYarn() throws Exception {
        assumeThat(SparkProcess.jar()).as("made by the package phase").exists();
        assumeThat(sparkHome()).as("a Spark distribution").isDirectory();
        cluster = new MiniYARNCluster("yarn", 1, 1, 1);
        cluster.init(settings());
        cluster.start();
        assertThat(cluster.waitForNodeManagersToConnect(60_000)).isTrue();
        hadoopConf = Files.createDirectory(folder.resolve("hadoop-conf"));
        for (String file : List.of("core-site.xml", "yarn-site.xml")) {
            try (OutputStream out = Files.newOutputStream(hadoopConf.resolve(file))) {
                cluster.getConfig().writeXml(out);
            }
        }
    }

    private YarnConfiguration settings() {
        YarnConfiguration settings = new YarnConfiguration();
        settings.set("fs.defaultFS", "file:///");
        settings.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, NODE_MEGABYTES);
        settings.setInt("yarn.scheduler.maximum-allocation-mb", NODE_MEGABYTES);
        settings.setInt("yarn.nodemanager.resource.cpu-vcores", 32);
        settings.setInt("yarn.scheduler.maximum-allocation-vcores", 32);
        settings.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
        settings.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
        settings.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.9");
        settings.set("yarn.scheduler.capacity.root.queues", "default");
        settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
        settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
        return settings;
    }

    @AfterEach
    void stopYarn() {
        if (cluster != null) {
            cluster.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "cluster"})
    void answersOnYarn(String deployMode) throws Exception {
        Path input = folder.resolve("requests.jsonl");
        Files.write(input, Reference.linesWithLogprobs());
        Path properties = Files.writeString(folder.resolve("job.conf"), ConfFiles.text(List.of("yarn", "cpu")));
        Path output = folder.resolve("output");
        String cache = NativeLibraries.cacheFolder().toString();
        List<String> args = new ArrayList<>(List.of(
                "--properties-file",
                properties.toString(),
                "--deploy-mode",
                deployMode,
                "--conf",
                "spark.yarn.jars=local:" + sparkHome().resolve("jars/*"),
                "--conf",
                "spark.executor.instances=1",
                "--conf",
                "spark.executorEnv.SPARKVLM_CACHE=" + cache,
                "--conf",
                "spark.yarn.appMasterEnv.SPARKVLM_CACHE=" + cache,
                "--conf",
                "spark.yarn.submit.waitAppCompletion=true",
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                "io.sparkvlm.job.Main",
                SparkProcess.jar().toString()));
        args.addAll(Job.generate(input, output));
        try (SparkProcess job = SparkProcess.start(
                folder,
                "job",
                hadoopConf + ":" + sparkHome().resolve("jars/*"),
                Map.of("HADOOP_CONF_DIR", hadoopConf.toString(), "JAVA_HOME", System.getProperty("java.home")),
                "org.apache.spark.deploy.SparkSubmit",
                args)) {
            assertThat(job.await()).as(job.output()).isZero();
        }
        List<Row> rows = Job.rows(output);
        assertThat(rows).hasSize(13);
        ReferenceRows.areAnsweredAsRecorded(rows);
    }

    /** A folder with jars/ of a whole Spark; one that is not there where there is none. */
    private static Path sparkHome() throws IOException {
        String home = System.getProperty("sparkvlm.spark.home");
        if (home != null) {
            return Path.of(home);
        }
        Path environment = ConfFiles.CONF.resolveSibling("notebooks/target/venv/lib");
        if (Files.isDirectory(environment)) {
            try (Stream<Path> pythons = Files.list(environment)) {
                return pythons.map(python -> python.resolve("site-packages/pyspark"))
                        .filter(Files::isDirectory)
                        .findFirst()
                        .orElse(environment.resolve("none"));
            }
        }
        return environment.resolve("none");
    }
}
