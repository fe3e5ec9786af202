package io.sparkvlm.job.input.parquet;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/** Finds the type without fields that holds the values of two. */
final class WiderLeaf {
    private static final List<DataType> INTEGERS =
            List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    /** Digits that an integer of each type has at most, in the same order. */
    private static final List<Integer> INTEGER_DIGITS = List.of(3, 5, 10, 20);

    private WiderLeaf() {}

    static Optional<DataType> of(DataType a, DataType b) {
        if (a.equals(b) || b.equals(DataTypes.NullType)) {
            return Optional.of(a);
        }
        if (a.equals(DataTypes.NullType)) {
            return Optional.of(b);
        }
        if (a instanceof NumericType && b instanceof NumericType) {
            return number(a, b);
        }
        if (are(a, b, DataTypes.DateType, DataTypes.TimestampNTZType)) {
            return Optional.of(DataTypes.TimestampNTZType);
        }
        boolean texts = (a instanceof StringType && isPlainText(b)) || (b instanceof StringType && isPlainText(a));
        return texts ? Optional.of(DataTypes.StringType) : Optional.empty();
    }

    /** What the values of a column lose where they become those of a wider type; empty where that is nothing. */
    static Optional<String> loss(DataType from, DataType to) {
        if (to.equals(DataTypes.DoubleType) && from.equals(DataTypes.LongType)) {
            return Optional.of("beyond 2^53 are rounded, as they are decimals elsewhere");
        }
        if (to.equals(DataTypes.DoubleType) && from instanceof DecimalType) {
            return Optional.of("are rounded to a double");
        }
        boolean written =
                to.equals(DataTypes.StringType) && !(from instanceof StringType) && !from.equals(DataTypes.NullType);
        return written ? Optional.of("are written as text") : Optional.empty();
    }

    private static Optional<DataType> number(DataType a, DataType b) {
        int first = INTEGERS.indexOf(a);
        int second = INTEGERS.indexOf(b);
        if (first >= 0 && second >= 0) {
            return Optional.of(INTEGERS.get(Math.max(first, second)));
        }
        boolean floating = isFloating(a) || isFloating(b);
        // A float holds integers of 24 bits; a double those of 53.
        boolean small = Math.max(first, second) <= INTEGERS.indexOf(DataTypes.ShortType)
                && !a.equals(DataTypes.DoubleType)
                && !b.equals(DataTypes.DoubleType)
                && Math.max(first, second) >= 0;
        if (floating) {
            return Optional.of(small ? DataTypes.FloatType : DataTypes.DoubleType);
        }
        return decimal(asDecimal(a), asDecimal(b));
    }

    private static Optional<DataType> decimal(DecimalType a, DecimalType b) {
        int scale = Math.max(a.scale(), b.scale());
        int precision = Math.max(a.precision() - a.scale(), b.precision() - b.scale()) + scale;
        return precision > DecimalType.MAX_PRECISION()
                ? Optional.empty()
                : Optional.of(DataTypes.createDecimalType(precision, scale));
    }

    private static DecimalType asDecimal(DataType number) {
        int integer = INTEGERS.indexOf(number);
        return integer >= 0 ? DataTypes.createDecimalType(INTEGER_DIGITS.get(integer), 0) : (DecimalType) number;
    }

    private static boolean isFloating(DataType type) {
        return type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType);
    }

    /** Whether there is one way to write the values; that of an instant would depend on a time zone. */
    private static boolean isPlainText(DataType type) {
        return type instanceof StringType
                || type instanceof NumericType
                || type.equals(DataTypes.BooleanType)
                || type.equals(DataTypes.DateType)
                || type.equals(DataTypes.TimestampNTZType);
    }

    private static boolean are(DataType a, DataType b, DataType one, DataType other) {
        return (a.equals(one) && b.equals(other)) || (a.equals(other) && b.equals(one));
    }
}
