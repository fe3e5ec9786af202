package io.sparkvlm.job.input.parquet;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_add;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UnknownLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * A type of Parquet's that Spark does not know: read as the values that lie in the file, and carried as a type that
 * Spark knows. Stands in the schema of a file, and never in one that Spark is given.
 */
final class ForeignType extends DataType {
    private static final String TO_MICROSECONDS = "are rounded down to the microsecond";
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String name;
    private final DataType readAs;
    private final DataType carriedAs;
    private final Conversion conversion;
    private final String loss;

    /** Values as they are read to values as they are carried. */
    @FunctionalInterface
    private interface Conversion extends Serializable {
        Column of(Column read);
    }

    private ForeignType(String name, DataType readAs, DataType carriedAs, Conversion conversion, String loss) {
        this.name = name;
        this.readAs = readAs;
        this.carriedAs = carriedAs;
        this.conversion = conversion;
        this.loss = loss;
    }

    /** The type of a primitive column; empty where Spark knows it. */
    static Optional<ForeignType> of(PrimitiveType type) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        if (annotation instanceof UnknownLogicalTypeAnnotation) {
            return Optional.of(new ForeignType("null", physical(type), DataTypes.NullType, read -> lit(null), ""));
        }
        if (annotation instanceof TimestampLogicalTypeAnnotation timestamp && timestamp.getUnit() == TimeUnit.NANOS) {
            return Optional.of(timestamp.isAdjustedToUTC() ? instantOfNanos() : timestampOfNanos());
        }
        if (annotation instanceof TimeLogicalTypeAnnotation time) {
            return Optional.of(time(type, time.getUnit()));
        }
        if (annotation instanceof UUIDLogicalTypeAnnotation) {
            return Optional.of(text("uuid", DataTypes.BinaryType, ForeignValues::uuid));
        }
        if (annotation instanceof Float16LogicalTypeAnnotation) {
            UDF1<byte[], Float> single = ForeignValues::ofHalf;
            return Optional.of(new ForeignType(
                    "float16",
                    DataTypes.BinaryType,
                    DataTypes.FloatType,
                    read -> udf(single, DataTypes.FloatType).apply(read),
                    ""));
        }
        if (annotation instanceof IntervalLogicalTypeAnnotation) {
            return Optional.of(text("interval", DataTypes.BinaryType, ForeignValues::interval));
        }
        if (annotation instanceof DecimalLogicalTypeAnnotation decimal
                && decimal.getPrecision() > DecimalType.MAX_PRECISION()) {
            int scale = decimal.getScale();
            UDF1<byte[], String> digits = unscaled -> ForeignValues.decimal(unscaled, scale);
            return Optional.of(
                    text("decimal(" + decimal.getPrecision() + "," + scale + ")", DataTypes.BinaryType, digits));
        }
        return Optional.empty();
    }

    /** What Spark's reader is told. */
    DataType readAs() {
        return readAs;
    }

    /** What the output has. */
    DataType carriedAs() {
        return carriedAs;
    }

    Column carried(Column read) {
        return conversion.of(read);
    }

    /** What becomes of the values where the output has them otherwise; empty where they are the same. */
    Optional<String> loss() {
        return Optional.of(loss).filter(said -> !said.isEmpty());
    }

    private static <T> ForeignType text(String name, DataType readAs, UDF1<T, String> text) {
        return new ForeignType(
                name,
                readAs,
                DataTypes.StringType,
                read -> udf(text, DataTypes.StringType).apply(read),
                "are written as text");
    }

    private static ForeignType time(PrimitiveType type, TimeUnit unit) {
        long nanos =
                switch (unit) {
                    case MILLIS -> NANOS_PER_MILLI;
                    case MICROS -> NANOS_PER_MICRO;
                    case NANOS -> 1;
                };
        UDF1<Number, String> text = count -> ForeignValues.time(count, nanos);
        return text("time(" + unit.name().toLowerCase(Locale.ROOT) + ")", physical(type), text);
    }

    private static ForeignType instantOfNanos() {
        return new ForeignType(
                "timestamp(nanos,utc)",
                DataTypes.LongType,
                DataTypes.TimestampType,
                read -> timestamp_micros(microsOfNanos(read)),
                TO_MICROSECONDS);
    }

    private static ForeignType timestampOfNanos() {
        return new ForeignType(
                "timestamp(nanos)",
                DataTypes.LongType,
                DataTypes.TimestampNTZType,
                read -> timestamp_add(
                        "MICROSECOND", microsOfNanos(read), lit(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC))),
                TO_MICROSECONDS);
    }

    /** Rounded down, as before 1970 too. */
    private static Column microsOfNanos(Column nanos) {
        Column towardsZero = call_function("div", nanos, lit(NANOS_PER_MICRO));
        return towardsZero.minus(when(nanos.mod(NANOS_PER_MICRO).lt(0), 1L).otherwise(0L));
    }

    private static DataType physical(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> DataTypes.BooleanType;
            case INT32 -> DataTypes.IntegerType;
            case INT64 -> DataTypes.LongType;
            case FLOAT -> DataTypes.FloatType;
            case DOUBLE -> DataTypes.DoubleType;
            case INT96 -> DataTypes.TimestampType;
            case BINARY, FIXED_LEN_BYTE_ARRAY -> DataTypes.BinaryType;
        };
    }

    @Override
    public String simpleString() {
        return name;
    }

    @Override
    public int defaultSize() {
        return readAs.defaultSize();
    }

    @Override
    public DataType asNullable() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ForeignType type && name.equals(type.name) && readAs.equals(type.readAs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, readAs);
    }
}
