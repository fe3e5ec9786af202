package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.Columns;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.Map;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Reads tables as pandas, Polars, DuckDB and others write them: job/src/test/python made them and says what they hold. */
final class OddTablesTest {
    private static final Path TABLES = Path.of("src/test/resources/io/sparkvlm/job/input/odd");

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "polars-nested",
                "pandas-index",
                "pandas-without-rows",
                "fastparquet-pandas",
                "duckdb-types",
                "special-names",
                "unsigned",
                "lists-of-bytes",
                "encodings",
                "codecs",
                "maps",
                "dates",
                "dask-summary"
            })
    void carriesWhatPyarrowReads(String table) throws Exception {
        assertThat(columns(carried(TABLES.resolve(table))))
                .containsExactlyElementsOf(Files.readAllLines(TABLES.resolve(table + ".tsv")));
    }

    @Test
    void makesRequestsOfConversationsInMaps() throws Exception {
        assertThat(read(TABLES.resolve("maps")).orderBy(Columns.ROW_ID).collectAsList())
                .extracting(row -> row.getString(1))
                .containsExactly(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"say 0\"}]}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"say 1\"}]}");
    }

    @Test
    void readsTheFoldersOfDuckDb() throws Exception {
        assertThat(columns(
                        read(TABLES.resolve("duckdb-folders")).select("id", "p").orderBy("id")))
                .containsExactly("id\t1\t2\t3\t4\t5\t6", "p\ta\tnull\tNULL\t\tx y/z\té");
    }

    @Test
    void carriesColumnsThatDifferInCaseAlone() throws Exception {
        assertThat(columns(carried(TABLES.resolve("two-cases"))))
                .containsExactly("score\t1\t2\tnull\tnull", "input_SCORE\t3\t4\t5\t6");
        assertThat(notes)
                .containsExactly(
                        "the input's column SCORE is carried as input_SCORE, because another column has its" + " name");
    }

    @Test
    void leavesOutColumnsThatNothingTellsApart() throws Exception {
        assertThat(columns(carried(TABLES.resolve("two-of-a-name")))).containsExactly("rest\t2");
        assertThat(notes)
                .containsExactly(
                        "the column score is left out: another column of the file has the same name (a.parquet)");
    }

    @Test
    void readsATableWithoutRows() throws Exception {
        Files.copy(TABLES.resolve("pandas-without-rows/a.parquet"), folder.resolve("a.parquet"));
        assertThat(columns(carried(folder))).containsExactly("score");
    }

    @Test
    void readsThroughTheLinksOfTheHubsCache() throws Exception {
        Path blob = Files.createDirectories(folder.resolve("blobs")).resolve("deadbeef");
        Files.copy(TABLES.resolve("pandas-index/a.parquet"), blob);
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
        Files.createSymbolicLink(snapshot.resolve("train-00000-of-00001.parquet"), Path.of("../../blobs/deadbeef"));
        assertThat(columns(carried(snapshot)))
                .containsExactlyElementsOf(Files.readAllLines(TABLES.resolve("pandas-index.tsv")));
    }

    @Test
    void refusesACompressionThatSparkLacksByItsName() {
        assertThatThrownBy(() -> read(TABLES.resolve("brotli")))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("brotli/a.parquet")
                .hasMessageContaining("is compressed with BROTLI, which this Spark has not");
    }

    private Dataset<Row> read(Path table) throws JobRefusedException {
        RequestFiles files = RequestFiles.find(table.toString(), InputFormat.AUTO, new Configuration());
        return RequestSources.of(files, ColumnRoles.NONE).read(spark, notes::add);
    }

    private Dataset<Row> carried(Path table) throws JobRefusedException {
        return read(table).orderBy(RowId.place()).drop(Columns.REQUEST, Columns.ROW_ID);
    }

    /** A line for each column, as the recording has it. */
    private static List<String> columns(Dataset<Row> table) {
        List<Row> rows = table.collectAsList();
        StructField[] fields = table.schema().fields();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            int column = i;
            String name = fields[i].name().replace("\t", "\\t").replace("\n", "\\n");
            lines.add((name
                    + rows.stream().map(row -> "\t" + text(row.get(column))).collect(Collectors.joining())));
        }
        return lines;
    }

    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Float || value instanceof Double) {
            return HexFormat.of().toHexDigits(Double.doubleToLongBits(((Number) value).doubleValue()));
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof LocalDate date) {
            return "" + date.toEpochDay();
        }
        if (value instanceof LocalDateTime time) {
            return text(time.toInstant(ZoneOffset.UTC));
        }
        if (value instanceof Instant instant) {
            return "" + (instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000);
        }
        if (value instanceof Row struct) {
            return Arrays.stream(struct.schema().fieldNames())
                    .map(name -> name + "=" + text(struct.get(struct.fieldIndex(name))))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Map<?, ?> map) {
            return CollectionConverters.asJava(map).entrySet().stream()
                    .map(entry -> text(entry.getKey()) + "=" + text(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Seq<?> list) {
            return CollectionConverters.asJava(list).stream()
                    .map(OddTablesTest::text)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return String.valueOf(value);
    }
}
