package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.PromptTemplate;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.Columns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads files with types that few writers use; those in resources are of apache/parquet-testing (Apache-2.0). */
final class RareFilesTest {
    private static final Path FILES = Path.of("src/test/resources/io/sparkvlm/job/input/parquet-testing");

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(1);

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @Test
    void carriesShapesAsTheirBytes() throws Exception {
        Dataset<Row> table = read(FILES.resolve("geospatial-with-nan.parquet"));
        assertThat(table.schema().simpleString()).isEqualTo("struct<group:string,wkt:string,geometry:binary>");
        Row first = table.first();
        assertThat(first.getString(1)).isEqualTo("POINT ZM (10 20 30 40)");
        // Well-known binary: little endian, type 3001, four coordinates.
        assertThat(first.<byte[]>getAs(2)).hasSize(37).startsWith(1, 0xB9, 0x0B, 0, 0);
    }

    @Test
    void readsDecimalsThatAreWrittenAsBytesOfAnyNumber() throws Exception {
        List<Row> rows = read(FILES.resolve("byte_array_decimal.parquet")).collectAsList();
        assertThat(rows).hasSize(24);
        assertThat(rows.get(23).getDecimal(0)).isEqualTo("24.00");
    }

    @Test
    void refusesTogetherWhatNoOneReaderReads() throws Exception {
        Files.copy(FILES.resolve("../odd/encodings/split-1.parquet"), folder.resolve("split.parquet"));
        Files.copy(FILES.resolve("../all-types.parquet"), folder.resolve("types.parquet"));
        assertThatThrownBy(() -> read(folder))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageStartingWith("expected one way to read all files, found split.parquet, whose")
                .hasMessageContaining(" and types.parquet, whose");
    }

    @Test
    void readsAFileWhoseFooterDoesNotCountItsRows() throws Exception {
        List<Row> rows = read(FILES.resolve("repeated_no_annotation.parquet")).collectAsList();
        assertThat(rows).extracting(row -> row.getInt(0)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(rows.get(5).get(1))
                .hasToString("[ArraySeq([1111111111,home], [2222222222,null], [3333333333,mobile])]");
    }

    @Test
    void carriesVariantsAndLeavesOutThoseWithPartsThatSparkLacks() throws Exception {
        assertThat(read(FILES.resolve("variant.parquet"))
                        .selectExpr("to_json(var)")
                        .first()
                        .getString(0))
                .isEqualTo("[\"comedy\",\"drama\"]");
        assertThat(read(FILES.resolve("variant-of-nanos.parquet")).schema().simpleString())
                .isEqualTo("struct<id:int>");
        assertThat(notes)
                .containsExactly(
                        "the column var is left out: it is a variant with parts of TIMESTAMP(NANOS,true), which"
                                + " Spark has not (variant-of-nanos.parquet)");
    }

    @Test
    void aColumnThatIsLeftOutOfOneFileIsReadFromOthers() throws Exception {
        Files.copy(FILES.resolve("variant-of-nanos.parquet"), folder.resolve("a.parquet"));
        Files.copy(FILES.resolve("variant.parquet"), folder.resolve("b.parquet"));
        assertThat(read(folder).selectExpr("to_json(var) as var").orderBy("var").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly(null, "[\"comedy\",\"drama\"]");
        assertThat(notes)
                .singleElement()
                .asString()
                .startsWith("the column var is left out: ")
                .endsWith("(a.parquet)");
    }

    @Test
    void namesTheColumnWhoseTypeIsNewerThanTheReader() {
        assertThatThrownBy(() -> read(FILES.resolve("unknown-logical-type.parquet")))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("unknown-logical-type.parquet is broken: the column ")
                .hasMessageEndingWith(" is of a type that is newer than this Spark's Parquet");
    }

    @Test
    void carriesBsonEnumsIntervalsAndGeographies() throws Exception {
        MessageType schema = Types.buildMessage()
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.bsonType())
                .named("bson")
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.enumType())
                .named("kind")
                .optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(12)
                .as(LogicalTypeAnnotation.IntervalLogicalTypeAnnotation.getInstance())
                .named("span")
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.geographyType())
                .named("place")
                .named("row");
        Path file = folder.resolve("a.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withType(schema)
                .build()) {
            Group row = new SimpleGroup(schema);
            row.add("bson", Binary.fromConstantByteArray(new byte[] {5, 0, 0, 0, 0}));
            row.add("kind", "RED");
            row.add("span", Binary.fromConstantByteArray(new byte[] {1, 0, 0, 0, 2, 0, 0, 0, (byte) 0xF4, 1, 0, 0}));
            row.add("place", Binary.fromConstantByteArray(new byte[] {1, 1}));
            writer.write(row);
            writer.write(new SimpleGroup(schema));
        }
        List<Row> rows = read(file).collectAsList();
        assertThat(rows.get(0).<byte[]>getAs(0)).containsExactly(5, 0, 0, 0, 0);
        assertThat(rows.get(0).getString(1)).isEqualTo("RED");
        assertThat(rows.get(0).getString(2)).isEqualTo("P1M2DT0.5S");
        assertThat(rows.get(0).<byte[]>getAs(3)).containsExactly(1, 1);
        assertThat(rows.get(1).mkString(" ")).isEqualTo("null null null null");
        assertThat(notes).containsExactly("the column span is interval in a.parquet: its values are written as text");
    }

    private Dataset<Row> read(Path file) throws JobRefusedException {
        ColumnRoles asked =
                new ColumnRoles(List.of(), List.of(), Optional.of(PromptTemplate.parse("?")), Optional.empty());
        RequestFiles files = RequestFiles.find(file.toString(), InputFormat.PARQUET, new Configuration());
        spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
        return RequestSources.of(files, asked)
                .read(spark, notes::add)
                .orderBy(RowId.place())
                .drop(Columns.ROW_ID, Columns.REQUEST);
    }
}
