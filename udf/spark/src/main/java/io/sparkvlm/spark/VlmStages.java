package io.sparkvlm.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The two stages of the job as transformations of tables. Chained they run in one task, a row after the other; an
 * exchange may stand between them. Neither may stand under a sort, a cache or a second action, which would run the model
 * again.
 */
public final class VlmStages {
    private VlmStages() {}

    /**
     * Parses and judges requests, fetches their media and checks those by their headers.
     *
     * @param requests {@value Columns#ROW_ID} (string), perhaps {@value Columns#CUSTOM_ID} (string),
     *     {@value Columns#REQUEST} (the JSON of a body or of an OpenAI Batch line, as a string or as bytes), perhaps
     *     {@value Columns#DUPLICATE_OF} (the earlier row whose custom_id the row repeats, else null) and columns
     *     that are carried through; those of bytes can be named by a request as {@code column:NAME}
     * @return a row for each row; what {@link #infer} takes
     */
    public static Dataset<Row> prepare(Dataset<Row> requests, PreprocessingSettings settings) {
        RequestTable table = RequestTable.of(requests.schema());
        return requests.mapPartitions(
                new PrepareStage(table, settings), Encoders.row(table.carried().after(Columns.PREPARED)));
    }

    /**
     * Decodes and resizes the media, generates, and writes down what became of each row.
     *
     * @param prepared what {@link #prepare} returned
     * @return a row for each row, in the layout of the output table
     */
    public static Dataset<Row> infer(Dataset<Row> prepared, InferenceConfig config, InferenceMetrics metrics) {
        PreparedTable table = PreparedTable.of(prepared.schema());
        return prepared.mapPartitions(
                new InferStage(table, config, metrics),
                Encoders.row(table.carried().after(Columns.OUTPUT)));
    }
}
