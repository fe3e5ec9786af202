package io.sparkvlm.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.EchoJob;
import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.spark.table.Columns;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads what a job wrote with Parquet's own reader, and holds it to what pyarrow read from the input: job/src/test/python
 * made both.
 */
final class CarriedTypesTest {
    private static final Path INPUT = Path.of("src/test/resources/io/sparkvlm/job/input");

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    @Test
    void carriesEveryTypeAsPyarrowReadsIt() throws Exception {
        List<Group> answers = answers("all-types");
        assertThat(carried(answers)).containsExactlyElementsOf(recorded("all-types"));
        assertThat(schema(answers.get(0)))
                .isEqualTo(
                        """
                        optional boolean boolean
                        optional int32 int8 (INTEGER(8,true))
                        optional int32 int16 (INTEGER(16,true))
                        optional int32 int32
                        optional int64 int64
                        optional int32 uint8 (INTEGER(16,true))
                        optional int32 uint16
                        optional int64 uint32
                        optional fixed_len_byte_array(9) uint64 (DECIMAL(20,0))
                        optional float float16
                        optional float float32
                        optional double float64
                        optional int32 decimal_9_2 (DECIMAL(9,2))
                        optional int64 decimal_18_4 (DECIMAL(18,4))
                        optional fixed_len_byte_array(16) decimal_38_10 (DECIMAL(38,10))
                        optional binary decimal_50_5 (STRING)
                        optional binary string (STRING)
                        optional binary large_string (STRING)
                        optional binary dictionary (STRING)
                        optional binary binary
                        optional binary fixed
                        optional binary uuid (STRING)
                        optional binary json (STRING)
                        optional int32 date (DATE)
                        optional binary time_ms (STRING)
                        optional binary time_us (STRING)
                        optional binary time_ns (STRING)
                        optional int64 timestamp_ms (TIMESTAMP(MICROS,false))
                        optional int64 timestamp_us (TIMESTAMP(MICROS,false))
                        optional int64 timestamp_ns (TIMESTAMP(MICROS,false))
                        optional int64 timestamp_ms_utc (TIMESTAMP(MICROS,true))
                        optional int64 timestamp_us_utc (TIMESTAMP(MICROS,true))
                        optional int64 timestamp_us_berlin (TIMESTAMP(MICROS,true))
                        optional int64 timestamp_ns_utc (TIMESTAMP(MICROS,true))
                        optional int64 duration
                        optional int32 null
                        list: optional int64 element
                        list_of_time: optional binary element (STRING)
                        list_of_null: optional int32 element
                        map: required binary key (STRING), optional float value
                        struct: optional int64 when (TIMESTAMP(MICROS,true)), optional int32 day (DATE), optional int32 no
                        deep: optional binary id, required binary key (STRING), optional int64 value (TIMESTAMP(MICROS,false))
                        """
                                .strip());
        assertThat(said.toString().lines())
                .contains("sparkvlm: the column uuid is uuid in all-types.parquet: its values are written as text")
                .contains("sparkvlm: the column timestamp_ns is timestamp(nanos) in all-types.parquet: its values are"
                        + " rounded down to the microsecond");
    }

    @Test
    void carriesTheTimestampsOfOldWriters() throws Exception {
        List<Group> answers = answers("int96");
        assertThat(carried(answers)).containsExactlyElementsOf(recorded("int96"));
        assertThat(schema(answers.get(0))).isEqualTo("optional int64 int96 (TIMESTAMP(MICROS,true))");
    }

    private List<Group> answers(String name) throws Exception {
        try (SparkSession spark = LocalSpark.withCores(1)) {
            // Rounding and texts may not depend on where the job runs.
            spark.conf().set("spark.sql.session.timeZone", "America/Los_Angeles");
            EchoJob.run(EchoJob.of(INPUT.resolve(name + ".parquet"), folder.resolve("out")), spark, said);
        }
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(
                        new GroupReadSupport(),
                        new org.apache.hadoop.fs.Path(folder.resolve("out").toUri()))
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<String> recorded(String name) throws Exception {
        return Files.readAllLines(INPUT.resolve(name + ".tsv"));
    }

    /** A line for each column, as the recording has it. */
    private static List<String> carried(List<Group> rows) {
        GroupType schema = rows.get(0).getType();
        return columns(schema)
                .mapToObj(column -> schema.getFieldName(column) + "\t"
                        + rows.stream().map(row -> text(row, column)).collect(Collectors.joining("\t")))
                .toList();
    }

    private static String schema(Group row) {
        GroupType schema = row.getType();
        return columns(schema)
                .mapToObj(column -> {
                    Type type = schema.getType(column);
                    return type.isPrimitive() ? type.toString() : type.getName() + ": " + leaves(type);
                })
                .collect(Collectors.joining("\n"));
    }

    private static String leaves(Type type) {
        return type.isPrimitive()
                ? type.toString()
                : type.asGroupType().getFields().stream()
                        .map(CarriedTypesTest::leaves)
                        .collect(Collectors.joining(", "));
    }

    private static IntStream columns(GroupType schema) {
        return IntStream.range(Columns.OUTPUT.size(), schema.getFieldIndex(Columns.ROW_INDEX));
    }

    private static String text(Group group, int field) {
        if (group.getFieldRepetitionCount(field) == 0) {
            return "null";
        }
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return text(group, field, type.asPrimitiveType());
        }
        Group value = group.getGroup(field, 0);
        if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
            return entries(value).map(entry -> text(entry, 0)).collect(Collectors.joining(",", "[", "]"));
        }
        if (type.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation) {
            return entries(value)
                    .map(entry -> text(entry, 0) + "=" + text(entry, 1))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return IntStream.range(0, value.getType().getFieldCount())
                .mapToObj(index -> value.getType().getFieldName(index) + "=" + text(value, index))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Stream<Group> entries(Group repeated) {
        return IntStream.range(0, repeated.getFieldRepetitionCount(0)).mapToObj(index -> repeated.getGroup(0, index));
    }

    private static String text(Group group, int field, PrimitiveType type) {
        if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            BigInteger unscaled =
                    switch (type.getPrimitiveTypeName()) {
                        case INT32 -> BigInteger.valueOf(group.getInteger(field, 0));
                        case INT64 -> BigInteger.valueOf(group.getLong(field, 0));
                        default -> new BigInteger(group.getBinary(field, 0).getBytes());
                    };
            return new BigDecimal(unscaled, decimal.getScale()).toPlainString();
        }
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> "" + group.getBoolean(field, 0);
            case INT32 -> "" + group.getInteger(field, 0);
            case INT64 -> "" + group.getLong(field, 0);
            case FLOAT -> bits(group.getFloat(field, 0));
            case DOUBLE -> bits(group.getDouble(field, 0));
            case INT96 -> "INT96";
            case BINARY, FIXED_LEN_BYTE_ARRAY -> {
                Binary value = group.getBinary(field, 0);
                yield type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation
                        ? value.toStringUsingUTF8()
                        : HexFormat.of().formatHex(value.getBytes());
            }
        };
    }

    private static String bits(double value) {
        return HexFormat.of().toHexDigits(Double.doubleToLongBits(value));
    }
}
