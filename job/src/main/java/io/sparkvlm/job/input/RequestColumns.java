package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Tells the columns of a table that make the request from those that are carried through.
 *
 * @param body the column that holds the whole body or a Batch line; without it the body is {@value #MESSAGES} and
 *     the parameters
 */
record RequestColumns(StructType schema, Optional<StructField> body) {
    private static final String BODY = "body";
    private static final String MESSAGES = "messages";
    /** The body or a Batch line; in a table with {@value #BODY} or {@value #MESSAGES} it is a column like others. */
    private static final String REQUEST = "request";

    /** Refused in a body, but in a table as likely a column of the user's own. */
    private static final Set<String> OWN = Set.of("documents", "echo");

    /** The fields that change an answer, and those that must be refused and would be ignored as columns. */
    private static final Set<String> PARAMETERS = Stream.of(
                    RequestValidator.honouredFields(),
                    RequestValidator.singleValuedFields(),
                    RequestValidator.refusedFields())
            .flatMap(List::stream)
            .filter(name -> !name.equals(MESSAGES) && !OWN.contains(name))
            .collect(Collectors.toUnmodifiableSet());

    static RequestColumns of(StructType schema) throws JobRefusedException {
        List<String> names = List.of(schema.fieldNames());
        if (names.contains(BODY)) {
            return whole(schema, BODY);
        }
        if (!names.contains(MESSAGES)) {
            if (names.contains(REQUEST)) {
                return whole(schema, REQUEST);
            }
            throw new JobRefusedException(
                    "expected a column request, body or messages, found " + String.join(", ", names));
        }
        if (!(schema.apply(MESSAGES).dataType() instanceof StringType)
                && !(schema.apply(MESSAGES).dataType() instanceof ArrayType)) {
            throw new JobRefusedException("expected the column messages to be a string or an array, found "
                    + schema.apply(MESSAGES).dataType().simpleString());
        }
        return carryingNothingTwice(new RequestColumns(schema, Optional.empty()));
    }

    /** The table that {@link io.sparkvlm.spark.VlmStages#prepare} takes. */
    Dataset<Row> select(Dataset<Row> table, Column rowId) {
        List<Column> selected = new ArrayList<>();
        selected.add(rowId.as(Columns.ROW_ID));
        if (hasCustomId()) {
            selected.add(parameter(schema.apply(Columns.CUSTOM_ID))
                    .cast(DataTypes.StringType)
                    .as(Columns.CUSTOM_ID));
        }
        selected.add(request().as(Columns.REQUEST));
        carried().forEach(field -> selected.add(column(field)));
        return table.select(selected.toArray(Column[]::new));
    }

    /** Whether a row can have a custom_id, of its own or in the Batch line that it holds. */
    boolean mayHaveCustomIds() {
        return hasCustomId() || body.isPresent();
    }

    private boolean hasCustomId() {
        return schema.getFieldIndex(Columns.CUSTOM_ID).isDefined();
    }

    /** The request's JSON. */
    private Column request() {
        if (body.isPresent()) {
            return column(body.get());
        }
        StructField messages = schema.apply(MESSAGES);
        Column json = messages.dataType() instanceof StringType ? column(messages) : to_json(column(messages));
        Column[] parameters = fields().filter(this::isParameter)
                .map(RequestColumns::parameter)
                .toArray(Column[]::new);
        // Nulls are left out of the JSON, as absent.
        Column others = parameters.length == 0 ? lit("{}") : to_json(struct(parameters));
        return udf(new Body(), DataTypes.StringType).apply(json, others);
    }

    /** The names of the columns that go through to the output untouched. */
    List<String> carriedNames() {
        return carried().stream().map(StructField::name).toList();
    }

    /** What belongs to neither the request nor its id. */
    private List<StructField> carried() {
        return fields().filter(field -> !isRequest(field) && !field.name().equals(Columns.CUSTOM_ID))
                .toList();
    }

    /** The column of this field, whatever dots its name has. */
    static Column column(StructField field) {
        return col("`" + field.name().replace("`", "``") + "`");
    }

    /** A parameter's column; not a number is how pandas writes null among numbers. */
    private static Column parameter(StructField field) {
        boolean floating = field.dataType() instanceof DoubleType || field.dataType() instanceof FloatType;
        return floating ? when(not(isnan(column(field))), column(field)).as(field.name()) : column(field);
    }

    private boolean isRequest(StructField field) {
        return body.map(field::equals).orElseGet(() -> field.name().equals(MESSAGES) || isParameter(field));
    }

    /** Bytes are never a parameter: such a column holds a picture or is carried through. */
    private boolean isParameter(StructField field) {
        return PARAMETERS.contains(field.name()) && !(field.dataType() instanceof BinaryType);
    }

    private Stream<StructField> fields() {
        return Arrays.stream(schema.fields());
    }

    private static RequestColumns whole(StructType schema, String name) throws JobRefusedException {
        StructField body = schema.apply(name);
        if (!(body.dataType() instanceof StringType) && !(body.dataType() instanceof BinaryType)) {
            throw new JobRefusedException("expected the column " + name + " to hold JSON as a string, found "
                    + body.dataType().simpleString());
        }
        return carryingNothingTwice(new RequestColumns(schema, Optional.of(body)));
    }

    private static RequestColumns carryingNothingTwice(RequestColumns columns) throws JobRefusedException {
        List<String> taken = Columns.taken(new StructType(columns.carried().toArray(StructField[]::new)));
        if (!taken.isEmpty()) {
            throw new JobRefusedException("the input's columns " + String.join(", ", taken)
                    + " have names of the output's own: rename or leave them out");
        }
        return columns;
    }

    /** Messages and parameters to a body. */
    private static final class Body implements UDF2<String, String, String> {
        @Override
        public String call(String messages, String parameters) throws JsonProcessingException {
            String read = parameters;
            try {
                ObjectNode body = (ObjectNode) OpenAiJson.read(read);
                body.properties().forEach(field -> field.setValue(wholeAsInteger(field.getValue())));
                if (messages != null) {
                    read = messages;
                    body.set(MESSAGES, parsed(messages));
                }
                return OpenAiJson.writeAscii(body);
            } catch (StreamConstraintsException e) {
                return read; // too deep or too large for the validator too, which says so
            }
        }

        /** What is not JSON stays a string, which the validator refuses by its path. */
        private static JsonNode parsed(String messages) throws StreamConstraintsException {
            try {
                return OpenAiJson.read(messages);
            } catch (StreamConstraintsException e) {
                throw e;
            } catch (JsonProcessingException e) {
                return TextNode.valueOf(messages);
            }
        }

        /** A column with nulls in it makes pandas' integers decimals: 64 becomes 64.0. */
        private static JsonNode wholeAsInteger(JsonNode value) {
            return value.isDouble() && value.canConvertToExactIntegral()
                    ? BigIntegerNode.valueOf(value.decimalValue().toBigIntegerExact())
                    : value;
        }
    }
}
