package io.sparkvlm.job;

import io.sparkvlm.job.input.PlanSettings;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.spark.commit.CommitPlugin;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/**
 * A Spark of its own for a test, whose cores matter to it, with the job's own settings of tables. It interprets its plans: to
 * generate and compile Java for them takes longer than the few rows of a test. The tests of whole jobs in src/test run generated code.
 */
public final class LocalSpark {
    /** Has a session generate code all the same, as one does that is no test's. */
    public static final Map<String, String> GENERATED =
            Map.of("spark.sql.codegen.wholeStage", "true", "spark.sql.codegen.factoryMode", "FALLBACK");

    private LocalSpark() {}

    public static SparkSession withCores(int cores) {
        return withCoresBuilder(cores).getOrCreate();
    }

    /** The same before it starts, with settings that may be given another value. */
    public static SparkSession.Builder withCoresBuilder(int cores) {
        SparkConf tables = new SparkConf(false);
        Arrays.stream(CommandLine.populateCommand(new SparkOptions()).conf().getAllWithPrefix("spark.sql."))
                .forEach(setting -> tables.set("spark.sql." + setting._1(), setting._2()));
        PlanSettings.INTERPRETED.forEach(tables::set);
        return SparkSession.builder()
                .config(tables)
                .master("local[" + cores + ",4]")
                .appName("tests")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "localhost")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.plugins", CommitPlugin.class.getName())
                .config(
                        "spark.sql.warehouse.dir",
                        Path.of("target", "warehouse").toUri().toString());
    }
}
