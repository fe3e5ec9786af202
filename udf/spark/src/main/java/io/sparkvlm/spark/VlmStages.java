package io.sparkvlm.spark;

import io.sparkvlm.spark.exchange.CostExchange;
import io.sparkvlm.spark.settings.InferenceConfig;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.JudgedTable;
import io.sparkvlm.spark.table.PreparationStamp;
import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.table.RequestTable;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What the job does, as transformations of tables: {@link #answer} does all of it in one stage, {@link #prepare} and {@link
 * #infer} are its halves, between which there is an {@link #exchange} or a table that is kept. None may stand under a sort, a
 * cache or a second action, which would run the model again.
 */
public final class VlmStages {
    /** In the table of {@link #keys}: what decides the row's answer, hashed. */
    public static final String KEY = "sparkvlm_key";

    private VlmStages() {}

    /**
     * Finds which requests have the same answer, without asking the engine or fetching media.
     *
     * @param requests as {@link #answer} takes them
     * @return {@value Columns#ROW_ID}, {@value Columns#CUSTOM_ID} (null where a request has none) and {@value #KEY} of each
     *     row; a key is null where the row's answer depends on its id, or the request is refused as it stands
     */
    public static Dataset<Row> keys(Dataset<Row> requests, PreprocessingSettings settings) {
        return requests.mapPartitions(
                new KeyStage(RequestTable.of(requests.schema()), settings), Encoders.row(KeyStage.SCHEMA));
    }

    /**
     * The same of a prepared table, whose media are equal where their names and their bytes are.
     *
     * @param prepared what {@link #prepareToKeep} returned
     * @param seed of the job that prepared it
     * @return as {@link #keys} has it; a key is null where the row is an error, too
     */
    public static Dataset<Row> preparedKeys(Dataset<Row> prepared, long seed) {
        return PreparedKeys.of(prepared, seed);
    }

    /**
     * Says what each request takes or why it fails, as far as that is known before its media are decoded: their headers are
     * read, of pictures on other machines no more.
     *
     * @param requests as {@link #answer} takes them
     * @return a row for each row, in the layout of {@link JudgedTable#SCHEMA}
     */
    public static Dataset<Row> judge(Dataset<Row> requests, PreprocessingSettings settings) {
        return requests.mapPartitions(
                new JudgeStage(RequestTable.of(requests.schema()), settings), Encoders.row(JudgedTable.SCHEMA));
    }

    /**
     * The same of a prepared table, which says it.
     *
     * @param prepared what {@link #prepareToKeep} returned
     */
    public static Dataset<Row> judgePrepared(Dataset<Row> prepared) {
        return JudgedTable.ofPrepared(prepared);
    }

    /**
     * Counts rows of the output that were made of other rows' answers.
     *
     * @return the same rows
     */
    public static Dataset<Row> copied(Dataset<Row> rows, InferenceMetrics metrics) {
        StructType schema = rows.schema();
        return rows.mapPartitions(new CopyStage(schema, metrics), Encoders.row(schema))
                .to(schema); // an encoder forgets what is said of a field
    }

    /**
     * Answers requests row by row: prepares one while the engine works on those before.
     *
     * @param requests {@value Columns#ROW_ID} (string), perhaps {@value Columns#CUSTOM_ID} (string),
     *     {@value Columns#REQUEST} (the JSON of a body or of an OpenAI Batch line, as a string or as bytes), perhaps
     *     {@value Columns#DUPLICATE_OF} (the earlier row whose custom_id the row repeats, else null) and columns
     *     that are carried through; a request names files in them as {@code column:PATH}
     * @return a row for each row, in the layout of the output table
     */
    public static Dataset<Row> answer(Dataset<Row> requests, InferenceConfig config, InferenceMetrics metrics) {
        RequestTable table =
                RequestTable.of(requests.schema(), config.preprocessing().dropColumns());
        return requests.mapPartitions(
                new AnswerStage(table, config, metrics),
                Encoders.row(table.carried().after(Columns.OUTPUT)));
    }

    /**
     * Parses and judges requests, fetches their media, decodes and resizes them: a stage of its own, when {@link #exchange}
     * follows.
     *
     * @param requests as {@link #answer} takes them
     * @return a row for each row; what {@link #exchange} and {@link #infer} take
     */
    public static Dataset<Row> prepare(Dataset<Row> requests, PreprocessingSettings settings) {
        return prepared(requests, settings, MediaStep.RESIZED);
    }

    /**
     * Prepares a table that is kept: does what {@link #prepare} does and compresses the pictures. The table bears a
     * {@link PreparationStamp} that says which jobs can take it.
     *
     * @param requests as {@link #answer} takes them
     * @param metrics counts rows and errors
     * @return a row for each row; what {@link #infer} takes
     * @throws IOException when the checkpoint cannot be read
     */
    public static Dataset<Row> prepareToKeep(
            Dataset<Row> requests, PreprocessingSettings settings, InferenceMetrics metrics) throws IOException {
        Dataset<Row> prepared = prepared(requests, settings, MediaStep.KEPT);
        StructType schema = prepared.schema();
        return PreparationStamp.of(settings)
                .on(prepared.mapPartitions(new CountStage(PreparedTable.of(schema), metrics), Encoders.row(schema))
                        .to(schema)); // an encoder forgets what is said of a field
    }

    /**
     * Exchanges prepared rows so that tasks cost about the same: tokens of prompts and of the longest answers. Runs the
     * stage that the rows come from before it returns.
     *
     * @param prepared what {@link #prepare} returned
     * @param cores that infer: each gets a task at least, where there is a row for it
     * @param metrics counts the rows
     * @return the same rows
     */
    public static Dataset<Row> exchange(Dataset<Row> prepared, int cores, InferenceMetrics metrics) {
        return CostExchange.balanced(prepared, cores, metrics.exchangedRows());
    }

    /**
     * Generates, and writes down what became of each row.
     *
     * @param prepared what {@link #prepare}, {@link #prepareToKeep} or {@link #exchange} returned
     * @return a row for each row, in the layout of the output table
     */
    public static Dataset<Row> infer(Dataset<Row> prepared, InferenceConfig config, InferenceMetrics metrics) {
        PreparedTable table = PreparedTable.of(prepared.schema())
                .without(config.preprocessing().dropColumns());
        return prepared.mapPartitions(
                new InferStage(table, config, metrics),
                Encoders.row(table.carried().after(Columns.OUTPUT)));
    }

    private static Dataset<Row> prepared(Dataset<Row> requests, PreprocessingSettings settings, MediaStep media) {
        RequestTable table = RequestTable.of(requests.schema(), settings.dropColumns());
        StructType schema = table.carried().after(Columns.PREPARED);
        return requests.mapPartitions(new PrepareStage(table, settings, media), Encoders.row(schema))
                .to(schema); // an encoder forgets what is said of a field
    }
}
