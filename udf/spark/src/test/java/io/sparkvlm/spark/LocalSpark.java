package io.sparkvlm.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * One Spark for all tests of this module. Static, because a JVM has one SparkContext and starting it takes seconds; it
 * ends with the JVM.
 */
public final class LocalSpark {
    private static final SparkSession SESSION = SparkSession.builder()
            .master("local[4,4]")
            .appName("tests")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .config(
                    "spark.sql.warehouse.dir",
                    Path.of("target", "warehouse").toUri().toString())
            .getOrCreate();

    private LocalSpark() {}

    public static SparkSession session() {
        return SESSION;
    }
}
