package io.sparkvlm.job;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** A Spark of its own for a test, whose cores matter to it. */
public final class LocalSpark {
    private LocalSpark() {}

    public static SparkSession withCores(int cores) {
        return SparkSession.builder()
                .master("local[" + cores + ",4]")
                .appName("tests")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "localhost")
                .config("spark.sql.shuffle.partitions", "2")
                .config(
                        "spark.sql.warehouse.dir",
                        Path.of("target", "warehouse").toUri().toString())
                .getOrCreate();
    }
}
