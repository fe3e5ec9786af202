package io.sparkvlm.spark.table;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Names the columns of the tables before, between and after the stages, and gives their layouts. */
public final class Columns {
    /** Where the row stood in its input; the same in every table. */
    public static final String ROW_ID = "row_id";

    public static final String CUSTOM_ID = "custom_id";
    /** The JSON of a request in the table that {@link io.sparkvlm.spark.VlmStages#answer} takes, as a string or as bytes. */
    public static final String REQUEST = "request_json";

    /** In the same table, where it is known: the earlier row whose custom_id the row repeats, null for most. */
    public static final String DUPLICATE_OF = "duplicate_of";

    /** Carried in the tables of a job that copies answers: the row whose answer this is, null where it is the row's own. */
    public static final String COPY_OF = "copy_of";

    /** Carried in all tables of a job that reads files: the row's number in its input. */
    public static final String ROW_INDEX = "row_index";

    /** In the prepared table: what the answer calls the model, null where the row is an error. */
    public static final String PREPARED_MODEL = "prepared_model";

    public static final String STATUS = "status";
    public static final String ERROR = "error";
    public static final String USAGE = "usage";
    public static final String RESPONSE = "response";

    public static final String TIMING = "timing";

    /** In {@value #TIMING}: when the row's answer or error was there, in milliseconds since 1970. */
    public static final String ENDED_AT = "ended_at";

    /** In {@value #TIMING}: Spark's id of the executor that the row was on, of the start that wrote it. */
    public static final String EXECUTOR = "executor";

    private static final StructType ERROR_FIELDS = new StructType()
            .add("code", StringType)
            .add("type", StringType)
            .add("message", StringType)
            .add("param", StringType);

    private static final StructType USAGE_FIELDS = new StructType()
            .add("prompt_tokens", LongType)
            .add("completion_tokens", LongType)
            .add("total_tokens", LongType)
            .add("cached_tokens", LongType)
            .add("vision_tokens", LongType);

    private static final StructType MEDIA_FIELDS = new StructType()
            .add("kind", StringType)
            .add("ref", StringType)
            .add("sha256", StringType)
            .add("width", IntegerType)
            .add("height", IntegerType)
            .add("resized_width", IntegerType)
            .add("resized_height", IntegerType)
            .add("grid_thw", createArrayType(IntegerType))
            .add("frames", createArrayType(IntegerType));

    private static final StructType TIMING_FIELDS = new StructType()
            .add("fetch_ms", DoubleType)
            .add("decode_ms", DoubleType)
            .add("queue_ms", DoubleType)
            .add("ttft_ms", DoubleType)
            .add("total_ms", DoubleType)
            .add(ENDED_AT, LongType)
            .add(EXECUTOR, StringType);

    /** The output table, without the columns that are carried through. */
    public static final StructType OUTPUT = new StructType()
            .add(ROW_ID, StringType)
            .add(CUSTOM_ID, StringType)
            .add(STATUS, StringType)
            .add("status_code", IntegerType)
            .add("text", StringType)
            .add("finish_reason", StringType)
            .add(RESPONSE, StringType)
            .add(USAGE, USAGE_FIELDS)
            .add(ERROR, ERROR_FIELDS)
            .add("media", createArrayType(MEDIA_FIELDS))
            .add(TIMING, TIMING_FIELDS)
            .add("params", StringType)
            .add("warnings", createArrayType(StringType))
            .add("attempts", IntegerType);

    private static final StructType FILE_FIELDS =
            new StructType().add("bytes", BinaryType).add("ref", StringType).add("param", StringType);

    private static final StructType PROMPT_FIELDS = new StructType()
            .add("token_ids", createArrayType(IntegerType))
            .add(
                    "placeholders",
                    createArrayType(new StructType().add("token", IntegerType).add("medium", IntegerType)));

    /** The table between the stages, without the columns that are carried through. */
    public static final StructType PREPARED = new StructType()
            .add(ROW_ID, StringType)
            .add(CUSTOM_ID, StringType)
            .add(PREPARED_MODEL, StringType)
            .add("params", StringType)
            .add("prepared_prompt", PROMPT_FIELDS)
            .add(
                    "media",
                    createArrayType(MEDIA_FIELDS.add("form", StringType).add("files", createArrayType(FILE_FIELDS))))
            .add("prepared_prompt_tokens", IntegerType)
            .add(ERROR, ERROR_FIELDS)
            .add("warnings", createArrayType(StringType))
            .add("prepared_fetch_ms", DoubleType)
            .add("prepared_decode_ms", DoubleType);

    /** Where a prepared row goes while it is exchanged. */
    public static final String BUCKET = "prepared_bucket";

    private Columns() {}

    /**
     * The layout that an output table has now, of one that an earlier version may have written: fields of {@value #TIMING} that
     * it lacks are null in its rows.
     */
    public static StructType upToDate(StructType table) {
        return new StructType(Arrays.stream(table.fields())
                .map(field -> field.name().equals(TIMING) && field.dataType() instanceof StructType
                        ? OUTPUT.apply(TIMING)
                        : field)
                .toArray(StructField[]::new));
    }

    /** Those of the output table's own columns that a table has not. */
    public static Set<String> missing(StructType table) {
        Set<String> missing = new TreeSet<>(List.of(OUTPUT.fieldNames()));
        List.of(table.fieldNames()).forEach(missing::remove);
        return missing;
    }
}
