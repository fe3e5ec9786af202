package io.sparkvlm.spark;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.preprocessing.PreparedRequest;
import io.sparkvlm.preprocessing.PreparedRow;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** A prepared row as a row of Spark's, and back: what crosses an exchange between the two stages. */
record PreparedTable(StructType schema, CarriedColumns carried) implements Serializable {
    static PreparedTable of(StructType schema) {
        return new PreparedTable(schema, CarriedColumns.allBut(schema, Columns.PREPARED.fieldNames()));
    }

    static Row row(PreparedRow row, Object[] carried) {
        Object[] identity = {row.rowId(), row.customId().orElse(null)};
        Object[] outcome = row.outcome().fold(PreparedTable::requestFields, PreparedTable::errorFields);
        Object[] description = {SparkArray.of(row.warnings()), Milliseconds.of(row.fetchTime())};
        return RowFactory.create(CarriedColumns.concat(identity, outcome, description, carried));
    }

    PreparedRow read(Row row) {
        return new PreparedRow(
                row.getString(at(Columns.ROW_ID)),
                Optional.ofNullable(row.getString(at(Columns.CUSTOM_ID))),
                row.getList(at("warnings")),
                row.isNullAt(at(Columns.ERROR))
                        ? Outcome.ok(readRequest(row))
                        : Outcome.rejected(ErrorFields.read(row.getStruct(at(Columns.ERROR)))),
                Milliseconds.duration(row.getDouble(at("prepared_fetch_ms"))));
    }

    private PreparedRequest readRequest(Row row) {
        return new PreparedRequest(
                row.getString(at("prepared_chat")),
                row.getString(at("params")),
                row.<Row>getList(at("media")).stream().map(MediaFields::read).toList(),
                row.getInt(at("prepared_prompt_tokens")));
    }

    /** In the order of {@link Columns#PREPARED}: chat, params, media, prompt_tokens, error. */
    private static Object[] requestFields(PreparedRequest request) {
        return new Object[] {
            request.chat(),
            request.params(),
            SparkArray.of(request.media().stream().map(MediaFields::withFiles).toList()),
            request.promptTokens(),
            null
        };
    }

    private static Object[] errorFields(Rejection rejection) {
        return new Object[] {null, null, null, null, ErrorFields.of(rejection)};
    }

    /** By the table's schema: without an exchange before it, a row arrives as {@link #row} made it and has none. */
    private int at(String column) {
        return schema.fieldIndex(column);
    }
}
