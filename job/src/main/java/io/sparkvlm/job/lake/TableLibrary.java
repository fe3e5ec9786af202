package io.sparkvlm.job.lake;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.commons.lang3.reflect.MethodUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The libraries whose tables have versions: how Spark is told of them, and how they are asked for a version. */
public enum TableLibrary {
    DELTA("Delta Lake", "io.delta:delta-spark_4.1_2.13:4.1.0", "io.delta.sql.DeltaSparkSessionExtension") {
        @Override
        Optional<Row> lastVersion(String table, SparkSession spark) {
            return first(spark, "DESCRIBE HISTORY " + table + " LIMIT 1", "CAST(version AS STRING)");
        }

        @Override
        String id(String table, SparkSession spark) {
            return first(spark, "DESCRIBE DETAIL " + table, "id").orElseThrow().getString(0);
        }
    },
    ICEBERG(
            "Iceberg",
            "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.11.0",
            "org.apache.iceberg.spark.SparkCatalog") {
        @Override
        Optional<Row> lastVersion(String table, SparkSession spark) {
            return first(
                    spark,
                    "SELECT * FROM " + within(table, spark) + ".refs WHERE name = 'main'",
                    "CAST(snapshot_id AS STRING)");
        }

        @Override
        String id(String table, SparkSession spark) {
            try { // no query tells it
                Class<?> spark3Util = Class.forName(
                        "org.apache.iceberg.spark.Spark3Util",
                        true,
                        Thread.currentThread().getContextClassLoader());
                Object loaded = MethodUtils.invokeStaticMethod(spark3Util, "loadIcebergTable", spark, table);
                return MethodUtils.invokeMethod(loaded, "uuid").toString();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("expected the uuid of the table " + table + " from Iceberg", e);
            }
        }
    };

    /** How a table of Delta that no catalog knows is named in SQL: delta.`/folder`. */
    private static final String DELTA_PATH = "delta.`";

    private static final String EXTENSIONS = "spark.sql.extensions";
    private static final String SESSION_CATALOG = "spark.sql.catalog.spark_catalog";

    private final String title;
    private final String coordinates;
    private final String className;

    TableLibrary(String title, String coordinates, String className) {
        this.title = title;
        this.coordinates = coordinates;
        this.className = className;
    }

    /** The library that a table is of, if it is of one. */
    public static Optional<TableLibrary> of(String table, SparkSession spark) {
        return first(
                        spark,
                        "DESCRIBE TABLE EXTENDED " + table,
                        "data_type",
                        "col_name = 'Provider' and lower(data_type) in ('delta', 'iceberg')") // no column's type
                .map(provider -> provider.getString(0).toUpperCase(Locale.ROOT))
                .flatMap(provider -> Arrays.stream(values())
                        .filter(library -> library.name().equals(provider))
                        .findFirst());
    }

    /** That of the tables of Spark's own catalog. */
    static TableLibrary ofSession(SparkSession spark) {
        return spark.conf().get(SESSION_CATALOG, "").startsWith("org.apache.iceberg") ? ICEBERG : DELTA;
    }

    /** The version of a table that is read now; empty where nothing was written to it yet. */
    public Optional<TableVersion> version(String table, SparkSession spark) {
        return lastVersion(table, spark).map(row -> new TableVersion(row.getString(0), Optional.of(id(table, spark))));
    }

    /** What a table of the same name that is made anew does not have. */
    abstract String id(String table, SparkSession spark);

    abstract Optional<Row> lastVersion(String table, SparkSession spark);

    /** The name, in SQL, of a table of Delta in a folder. */
    public static String deltaTable(String folder) {
        return DELTA_PATH + folder.replace("`", "``") + "`";
    }

    /**
     * Checks what can be known before Spark starts.
     *
     * @throws JobRefusedException where the table's name says of which library it is, and that is not there
     */
    public static void requireFor(String table) throws JobRefusedException {
        if (table.startsWith(DELTA_PATH) && !DELTA.isThere()) {
            throw DELTA.missing(table, List.of());
        }
    }

    /** Tells Spark of Delta, which its sessions have to know from their start; catalogs of Iceberg have names of the user's. */
    public static void addTo(SparkConf conf) {
        if (DELTA.isThere()) {
            conf.setIfMissing(EXTENSIONS, DELTA.className);
            conf.setIfMissing(SESSION_CATALOG, "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        }
    }

    /** The name that tables of a table's own, as Iceberg's of its snapshots, are below: a lone one would be a namespace's. */
    static String within(String table, SparkSession spark) {
        return table.contains(".") ? table : spark.catalog().currentDatabase() + "." + table;
    }

    /** Says which library is missing, where that is why a table cannot be used. */
    public static Optional<JobRefusedException> missing(Throwable thrown, String table) {
        List<Throwable> all = ExceptionUtils.getThrowableList(thrown);
        return Arrays.stream(values())
                .filter(library -> !library.isThere() && all.stream().anyMatch(library::isNamedIn))
                .map(library -> library.missing(table, all))
                .findFirst();
    }

    private boolean isNamedIn(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        return message.contains("org.apache." + name().toLowerCase(Locale.ROOT))
                || message.contains("source: " + name().toLowerCase(Locale.ROOT))
                || message.contains(className.substring(0, className.lastIndexOf('.')));
    }

    private JobRefusedException missing(String table, List<Throwable> causes) {
        String line = "the table " + table + " is one of " + title + ", whose library is not on the class path: add"
                + " --packages " + coordinates + " to spark-submit";
        return causes.isEmpty() ? new JobRefusedException(line) : new JobRefusedException(line, causes.get(0));
    }

    private boolean isThere() {
        try {
            Class.forName(className, false, Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static Optional<Row> first(SparkSession spark, String query, String column) {
        return first(spark, query, column, "true");
    }

    private static Optional<Row> first(SparkSession spark, String query, String column, String condition) {
        return spark.sql(query).where(condition).selectExpr(column).limit(1).collectAsList().stream()
                .findFirst();
    }
}
