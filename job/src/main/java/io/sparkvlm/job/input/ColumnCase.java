package io.sparkvlm.job.input;

import org.apache.spark.sql.SparkSession;

/** Tells columns apart whose names differ in case alone. */
final class ColumnCase {
    private ColumnCase() {}

    /**
     * Lets both be columns, as a file may have them. It holds for the session, which is the job's own: Spark asks for it when
     * a table is made, and again when it plans the tasks that read its files, which is not before the output is written.
     */
    static void tellApart(SparkSession spark) {
        spark.conf().set("spark.sql.caseSensitive", true);
    }
}
