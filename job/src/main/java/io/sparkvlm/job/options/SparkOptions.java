package io.sparkvlm.job.options;

import io.sparkvlm.job.lake.TableLibrary;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.spark.commit.CommitPlugin;
import io.sparkvlm.spark.executor.EnginePlugin;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.watch.MetricsPlugin;
import io.sparkvlm.torch.natives.LibtorchEnvironment;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say on which Spark the job runs. */
@HelpGroup.Of(HelpGroup.SPARK)
public final class SparkOptions {
    /** All cores, and as many attempts of a task as on a cluster: plain local mode gives up at the first. */
    private static final String LOCAL_MASTER = "local[*,4]";

    /** Read by conf/log4j2.properties. */
    private static final String FAILED_TASKS_LEVEL = "sparkvlm.failed-tasks.level";

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: spark-submit's, else " + LOCAL_MASTER + ").")
    private Optional<String> master = Optional.empty();

    @Option(
            names = "--verbose",
            defaultValue = "false",
            description = "Show what Spark logs of tasks that failed, with its stack traces"
                    + " (default: ${DEFAULT-VALUE}).")
    private boolean verbose;

    @Mixin
    private SourceOptions sources;

    /** The settings of spark-submit and of the command line, and this job's own where neither gives one. */
    public SparkConf conf() {
        SparkConf all = new SparkConf();
        sources.conf().forEach(all::set);
        master.ifPresent(all::setMaster);
        all.setIfMissing("spark.app.name", "Spark VLM");
        all.setIfMissing("spark.master", LOCAL_MASTER);
        // Rows may hold pictures: 4,096 of them, Spark's batch, are gigabytes in one column.
        all.setIfMissing("spark.sql.parquet.columnarReaderBatchSize", "64");
        // Spark 4.1's own reader of repeated values does not end at levels that are damaged; Parquet's says so.
        all.setIfMissing("spark.sql.parquet.enableNestedColumnVectorizedReader", "false");
        // Spark's own INT96 loses the zone, and pyarrow takes the year 9999 for 1816.
        all.setIfMissing("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        // Java's older classes have another calendar before 1582, and no 10 October of that year.
        all.setIfMissing("spark.sql.datetime.java8API.enabled", "true");
        // What is kept for the job is no larger than its ids; Spark would have 200 tasks for four rows.
        all.setIfMissing("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true");
        // Progress travels with the heartbeats; Spark's ten seconds are long to wait for a first sign. On one machine
        // the first beat would come while a large plugin of others still loads, and throw.
        if (!isLocal(all) || !all.contains("spark.plugins")) {
            all.setIfMissing("spark.executor.heartbeatInterval", "2s");
        }
        for (LibtorchEnvironment fast : LibtorchEnvironment.values()) {
            all.setIfMissing("spark.executorEnv." + fast.variable(), fast.value());
        }
        RetryBudget.setOn(all);
        if (isLocal(all)) {
            all.setIfMissing("spark.driver.host", "localhost");
            all.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            all.setIfMissing("spark.ui.enabled", "false");
            // Of Spark's 200 nearly all are empty on one machine: a job of one row spends a fifth of its time on them.
            all.setIfMissing("spark.sql.shuffle.partitions", "16");
        } else {
            RetryBudget.excludeBrokenExecutors(all);
        }
        return all;
    }

    /**
     * Opens a session whose executors open the engine as they start, if the rows are answered by one.
     *
     * @throws io.sparkvlm.torch.natives.MissingDeviceException where tasks run in this process and it lacks the engine's device
     */
    public SparkSession openFor(InferenceConfig inference) throws JobRefusedException {
        SparkConf conf = conf();
        if (isLocal(conf) && !inference.engine().isRemote()) {
            inference.ownEngine().requireDevice();
        }
        EnginePlugin.addTo(conf, inference);
        TableLibrary.addTo(conf);
        return open(MetricsPlugin.addTo(CommitPlugin.addTo(conf)));
    }

    /** Opens a session that reads tables of any library, and whose executors open no engine before one is wanted. */
    public SparkSession openForTables() throws JobRefusedException {
        SparkConf conf = conf();
        TableLibrary.addTo(conf);
        return open(MetricsPlugin.addTo(CommitPlugin.addTo(conf)));
    }

    /** Whether tasks run in this process. */
    public boolean isLocal() {
        return isLocal(OpenedSpark.running()
                .map(session -> session.sparkContext().getConf())
                .orElseGet(this::conf));
    }

    /** Hadoop's settings as the command's session will have them; Spark is not started for it. */
    public Configuration hadoop() {
        return OpenedSpark.running()
                .map(session -> new Configuration(session.sparkContext().hadoopConfiguration()))
                .orElseGet(() -> SparkHadoopUtil.get().newConfiguration(conf()));
    }

    private static boolean isLocal(SparkConf conf) {
        return conf.get("spark.master").matches("local(\\[.*])?");
    }

    public SparkSession open() throws JobRefusedException {
        return open(MetricsPlugin.addTo(CommitPlugin.addTo(conf())));
    }

    private SparkSession open(SparkConf conf) throws JobRefusedException {
        if (verbose) {
            System.setProperty(FAILED_TASKS_LEVEL, "warn");
            LoggerContext.getContext(false).reconfigure();
        }
        try {
            return SparkSession.builder().config(conf).getOrCreate();
        } catch (Exception e) { // Scala throws checked exceptions that it does not declare
            throw new JobRefusedException("Spark does not start: " + RootCause.of(e), e);
        }
    }
}
