package io.sparkvlm.spark.table;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.RequestRow;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Reads requests from a table: {@value Columns#ROW_ID} (string), perhaps {@value Columns#CUSTOM_ID} (string),
 * {@value Columns#REQUEST} (the JSON of a body or of a Batch line, as a string or as bytes, or a structure of
 * the JSON and the reason why there is none, of which one is null), and columns that are
 * carried through, in which a request names files as {@code column:PATH}.
 *
 * @param named columns that a request may name
 * @param carried those of them that are carried through
 */
public record RequestTable(StructType schema, CarriedColumns named, CarriedColumns carried) implements Serializable {
    /** Recognizes the columns of such a table. */
    public static RequestTable of(StructType schema) {
        return of(schema, Set.of());
    }

    /**
     * Recognizes the columns of such a table.
     *
     * @param dropped those that go no further than the request that names them
     */
    public static RequestTable of(StructType schema, Set<String> dropped) {
        if (!Arrays.asList(schema.fieldNames()).containsAll(List.of(Columns.ROW_ID, Columns.REQUEST))) {
            throw new IllegalArgumentException("expected the columns " + Columns.ROW_ID + " and " + Columns.REQUEST
                    + ", found " + schema.simpleString());
        }
        CarriedColumns named =
                CarriedColumns.allBut(schema, Columns.ROW_ID, Columns.CUSTOM_ID, Columns.REQUEST, Columns.DUPLICATE_OF);
        return new RequestTable(schema, named, named.without(dropped));
    }

    public String rowId(Row row) {
        return row.getString(schema.fieldIndex(Columns.ROW_ID));
    }

    public Optional<String> customId(Row row) {
        return schema.getFieldIndex(Columns.CUSTOM_ID).isDefined()
                ? Optional.ofNullable(row.getString(schema.fieldIndex(Columns.CUSTOM_ID)))
                : Optional.empty();
    }

    /** The earlier row that has the row's custom_id, if there is one. */
    public Optional<String> duplicateOf(Row row) {
        return schema.getFieldIndex(Columns.DUPLICATE_OF).isDefined()
                ? Optional.ofNullable(row.getString(schema.fieldIndex(Columns.DUPLICATE_OF)))
                : Optional.empty();
    }

    /** The request, or a rejection where its bytes are no text. */
    public Outcome<RequestRow> read(Row row) {
        return json(row.get(schema.fieldIndex(Columns.REQUEST)))
                .map(json -> new RequestRow(rowId(row), customId(row), json, new NamedColumns(named, row)));
    }

    /** The text of a value in the column of requests, or a rejection where it is none. */
    public static Outcome<String> json(Object value) {
        if (value instanceof String text) {
            return Outcome.ok(text);
        }
        if (value instanceof byte[] bytes) {
            if (ArrayUtils.contains(bytes, (byte) 0)) {
                return Outcome.rejected(Rejection.of(
                        RequestCode.INVALID_JSON_LINE,
                        "expected a line of UTF-8, found bytes of zero: text in UTF-16, or damage"));
            }
            try {
                // A new decoder reports what is malformed; new String(bytes) would replace it.
                return Outcome.ok(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (CharacterCodingException e) {
                return Outcome.rejected(Rejection.of(
                        RequestCode.INVALID_JSON_LINE, "expected a line of UTF-8, found bytes that are not"));
            }
        }
        if (value instanceof Row made) { // JSON, or why there is none
            return made.isNullAt(1)
                    ? json(made.get(0))
                    : Outcome.rejected(Rejection.of(RequestCode.INVALID_VALUE, made.getString(1)));
        }
        return Outcome.rejected(
                Rejection.of(RequestCode.INVALID_JSON_LINE, "expected the JSON of a request, found null"));
    }
}
