package io.sparkvlm.spark.table;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Leads from a row to a value in it: to a column, then to fields of structures and elements of arrays, as in
 * {@code images[0].bytes}. Where names have dots or brackets themselves, the longest name that leads somewhere is
 * meant.
 *
 * @param steps indices of fields and elements
 * @param type of the value
 */
public record ColumnPath(List<Integer> steps, DataType type) {
    private static final Pattern ELEMENT = Pattern.compile("\\[(\\d{1,9})]");

    /** Finds the way by the types of the columns, or says which there are. */
    public static Outcome<ColumnPath> of(StructType columns, String path) {
        return new ColumnPath(List.of(), columns).on("." + path, path);
    }

    /** Goes on from here; of several names that fit, the longest that leads to the end is meant. */
    private Outcome<ColumnPath> on(String rest, String path) {
        if (rest.isEmpty()) {
            return Outcome.ok(this);
        }
        Matcher element = ELEMENT.matcher(rest);
        if (type instanceof StructType struct && rest.startsWith(".")) {
            String name = rest.substring(1);
            List<Outcome<ColumnPath>> ways = fieldsAtTheStartOf(name, struct)
                    .map(field -> to(struct.fieldIndex(field.name()), field.dataType())
                            .on(name.substring(field.name().length()), path))
                    .toList();
            return ways.stream()
                    .filter(way -> way.fold(found -> true, rejection -> false))
                    .findFirst()
                    .or(() -> ways.stream().findFirst())
                    .orElseGet(() -> unknown(struct, name));
        }
        if (type instanceof ArrayType array && element.lookingAt()) {
            return to(Integer.parseInt(element.group(1)), array.elementType()).on(rest.substring(element.end()), path);
        }
        String before = path.substring(0, path.length() - rest.length());
        return rejected("found " + shown(rest) + " after " + shown(before) + ", which is " + type.simpleString()
                + (type instanceof ArrayType ? ": expected the number of an element, as [0]" : ""));
    }

    private ColumnPath to(int step, DataType there) {
        return new ColumnPath(Stream.concat(steps.stream(), Stream.of(step)).toList(), there);
    }

    private static Stream<StructField> fieldsAtTheStartOf(String name, StructType struct) {
        return Arrays.stream(struct.fields())
                .filter(field -> name.equals(field.name())
                        || name.startsWith(field.name() + ".")
                        || name.startsWith(field.name() + "["))
                .sorted(Comparator.comparingInt(
                                (StructField field) -> field.name().length())
                        .reversed());
    }

    private static Outcome<ColumnPath> unknown(StructType struct, String name) {
        if (struct.isEmpty()) {
            return rejected("found nothing named " + shown(name) + ": the row has no columns");
        }
        return rejected("found nothing named " + shown(name) + " among "
                + Arrays.stream(struct.fields())
                        // Those that hold bytes first: what is too much for a message is cut off at its end.
                        .sorted(Comparator.comparing(field -> !FileValue.mayHoldBytes(field.dataType())))
                        .map(field -> field.name() + " " + field.dataType().simpleString())
                        .collect(Collectors.joining(", ")));
    }

    private static Outcome<ColumnPath> rejected(String message) {
        return Outcome.rejected(Rejection.of(RequestCode.INVALID_VALUE, message));
    }

    private static String shown(String name) {
        return MediaFetcher.shown(name);
    }
}
