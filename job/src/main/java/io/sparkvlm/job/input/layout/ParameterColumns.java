package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Holds the columns of a table that are parameters of its requests, by their names. */
record ParameterColumns(List<StructField> fields) {
    /** Refused in a body, but in a table as likely a column of the user's own. */
    private static final Set<String> OWN = Set.of("documents", "echo");

    /** The fields that change an answer, and those that must be refused and would be ignored as columns. */
    private static final Set<String> NAMES = Stream.of(
                    RequestValidator.honouredFields(),
                    RequestValidator.singleValuedFields(),
                    RequestValidator.refusedFields())
            .flatMap(List::stream)
            .filter(name -> !name.equals(BodyWriter.MESSAGES) && !OWN.contains(name))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> SAMPLING = RequestValidator.honouredFields().stream()
            .filter(name -> !Set.of(BodyWriter.MESSAGES, "model").contains(name))
            .collect(Collectors.toUnmodifiableSet());

    /** Those beside a column of messages. */
    static ParameterColumns of(StructType schema) {
        return named(NAMES, schema);
    }

    /** Those of a table that was not made for requests, whose {@code model}, {@code n} or {@code prediction} is data. */
    static ParameterColumns ofSampling(StructType schema) {
        return named(SAMPLING, schema);
    }

    /** Bytes are never a parameter: such a column holds a picture or is carried through. */
    private static ParameterColumns named(Set<String> names, StructType schema) {
        return new ParameterColumns(Arrays.stream(schema.fields())
                .filter(field -> names.contains(field.name()) && !(field.dataType() instanceof BinaryType))
                .toList());
    }

    /** The parameters and the field after them. */
    ParameterColumns with(StructField field) {
        return new ParameterColumns(
                Stream.concat(fields.stream(), Stream.of(field)).toList());
    }

    StructType schema() {
        return new StructType(fields.toArray(StructField[]::new));
    }

    /**
     * The body of a request.
     *
     * @param messages the JSON of its messages; null where they are among these columns
     */
    Column body(Column messages) {
        return udf(new BodyWriter(schema()), DataTypes.StringType).apply(messages, json());
    }

    /** An object of the row's parameters; nulls are left out, as absent. */
    private Column json() {
        Column[] columns = fields.stream().map(FieldColumn::of).toArray(Column[]::new);
        return columns.length == 0 ? lit("{}") : to_json(struct(columns));
    }
}
