package io.sparkvlm.spark.table;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.prepared.PreparedRow.Decoded;
import io.sparkvlm.preprocessing.prompt.ChatPrompt;
import io.sparkvlm.preprocessing.prompt.Placeholder;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Turns a prepared row into a row of Spark's, which can cross an exchange or lie in a file, and back. */
public record PreparedTable(StructType schema, CarriedColumns carried) implements Serializable {
    private static final int REQUEST_FIELDS = 5;

    public static PreparedTable of(StructType schema) {
        return new PreparedTable(schema, CarriedColumns.allBut(schema, Columns.PREPARED.fieldNames()));
    }

    /** The same without columns that have these names in the input. */
    public PreparedTable without(Set<String> dropped) {
        return new PreparedTable(schema, carried.without(dropped));
    }

    public static Row row(PreparedRow row, Object[] carried) {
        Object[] identity = {row.rowId(), row.customId().orElse(null)};
        Object[] request = row.outcome().fold(PreparedTable::requestFields, rejection -> new Object[REQUEST_FIELDS]);
        Object[] error = {row.answerable().fold(answerable -> null, ErrorFields::of)};
        Object[] description = {
            SparkArray.of(row.warnings()),
            Milliseconds.of(row.fetchTime()),
            row.decoded().map(decoded -> Milliseconds.of(decoded.time())).orElse(null)
        };
        return RowFactory.create(CarriedColumns.concat(identity, request, error, description, carried));
    }

    public String rowId(Row row) {
        return row.getString(at(Columns.ROW_ID));
    }

    public boolean isRejected(Row row) {
        return !row.isNullAt(at(Columns.ERROR));
    }

    /** Why the row has no answer, if it has none. */
    public Optional<String> errorCode(Row row) {
        return Optional.ofNullable(row.getStruct(at(Columns.ERROR)))
                .map(error -> ErrorFields.read(error).code().wireName());
    }

    /** What the row will cost at most: the tokens of its prompt, its pictures' included, and of the longest answer. */
    public long costTokens(Row row) {
        if (isRejected(row)) {
            return 0;
        }
        return (long) row.getInt(at("prepared_prompt_tokens"))
                + GenerationParamsJson.read(row.getString(at("params"))).maxTokens();
    }

    /**
     * Reads what {@link #row} wrote.
     *
     * @param geometry of the checkpoint that it was prepared for
     */
    public PreparedRow read(Row row, PatchGeometry geometry) {
        Optional<Rejection> rejection =
                Optional.ofNullable(row.getStruct(at(Columns.ERROR))).map(ErrorFields::read);
        boolean understood = !row.isNullAt(at(Columns.PREPARED_MODEL));
        return new PreparedRow(
                rowId(row),
                Optional.ofNullable(row.getString(at(Columns.CUSTOM_ID))),
                row.getList(at("warnings")),
                understood ? Outcome.ok(readRequest(row, geometry)) : Outcome.rejected(rejection.orElseThrow()),
                Milliseconds.duration(row.getDouble(at("prepared_fetch_ms"))),
                Optional.ofNullable(row.<Double>getAs(at("prepared_decode_ms")))
                        .map(time -> new Decoded(Milliseconds.duration(time), rejection)));
    }

    private PreparedRequest readRequest(Row row, PatchGeometry geometry) {
        Row prompt = row.getStruct(at("prepared_prompt"));
        return new PreparedRequest(
                row.getString(at(Columns.PREPARED_MODEL)),
                GenerationParamsJson.read(row.getString(at("params"))),
                new ChatPrompt(
                        prompt.<Integer>getList(0).stream()
                                .mapToInt(Integer::intValue)
                                .toArray(),
                        prompt.<Row>getList(1).stream()
                                .map(place -> new Placeholder(place.getInt(0), place.getInt(1)))
                                .toList()),
                row.<Row>getList(at("media")).stream()
                        .map(media -> MediaFields.read(media, geometry))
                        .toList(),
                Optional.empty());
    }

    /** In the order of {@link Columns#PREPARED}: model, params, prompt, media, prompt_tokens. */
    private static Object[] requestFields(PreparedRequest request) {
        ChatPrompt prompt = request.prompt();
        return new Object[] {
            request.model(),
            request.params(),
            RowFactory.create(
                    SparkArray.of(Arrays.stream(prompt.tokenIds()).boxed().toList()),
                    SparkArray.of(prompt.placeholders().stream()
                            .map(place -> RowFactory.create(place.token(), place.medium()))
                            .toList())),
            SparkArray.of(request.media().stream().map(MediaFields::withFiles).toList()),
            request.promptTokens()
        };
    }

    /** By the table's schema, because a row that comes without an exchange is as {@link #row} made it and has no schema. */
    private int at(String column) {
        return schema.fieldIndex(column);
    }
}
