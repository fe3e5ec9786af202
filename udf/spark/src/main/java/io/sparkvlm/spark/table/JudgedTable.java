package io.sparkvlm.spark.table;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.StructType;

/** Lays out what is known of requests before their media are decoded: why they fail, or what they take. */
public final class JudgedTable {
    public static final String PROMPT_TOKENS = "prompt_tokens";
    public static final String VISION_TOKENS = "vision_tokens";
    /** The most that the answer may have, within the context. */
    public static final String ANSWER_TOKENS = "answer_tokens";

    public static final String IMAGES = "images";
    public static final String IMAGE_BYTES = "image_bytes";
    public static final String VIDEOS = "videos";
    public static final String VIDEO_BYTES = "video_bytes";

    public static final StructType SCHEMA = new StructType()
            .add(Columns.ROW_ID, StringType)
            .add(Columns.CUSTOM_ID, StringType)
            .add(Columns.ERROR, Columns.OUTPUT.apply(Columns.ERROR).dataType())
            .add(PROMPT_TOKENS, IntegerType)
            .add(VISION_TOKENS, IntegerType)
            .add(ANSWER_TOKENS, IntegerType)
            .add(IMAGES, LongType)
            .add(IMAGE_BYTES, LongType)
            .add(VIDEOS, LongType)
            .add(VIDEO_BYTES, LongType);

    private JudgedTable() {}

    /** Rows of {@link #SCHEMA} for those of a prepared table; their media are as large as they lie in it. */
    public static Dataset<Row> ofPrepared(Dataset<Row> prepared) {
        Column answerTokens = udf(
                        (UDF1<String, Integer>) params -> params == null
                                ? null
                                : GenerationParamsJson.read(params).maxTokens(),
                        IntegerType)
                .apply(col("params"));
        Column ids = size(col("prepared_prompt.token_ids")).minus(size(col("media"))); // with one for each medium
        return prepared.select(
                col(Columns.ROW_ID),
                coalesce(col(Columns.CUSTOM_ID), col(Columns.ROW_ID)).as(Columns.CUSTOM_ID),
                col(Columns.ERROR),
                unlessFailed(col("prepared_prompt_tokens")).as(PROMPT_TOKENS),
                unlessFailed(col("prepared_prompt_tokens").minus(ids)).as(VISION_TOKENS),
                unlessFailed(answerTokens).as(ANSWER_TOKENS),
                unlessFailed(count(MediaKind.IMAGE)).as(IMAGES),
                unlessFailed(bytes(MediaKind.IMAGE)).as(IMAGE_BYTES),
                unlessFailed(count(MediaKind.VIDEO)).as(VIDEOS),
                unlessFailed(bytes(MediaKind.VIDEO)).as(VIDEO_BYTES));
    }

    private static Column unlessFailed(Column value) {
        return when(col(Columns.ERROR).isNull(), value);
    }

    private static Column of(MediaKind kind) {
        return filter(col("media"), medium -> medium.getField("kind")
                .equalTo(kind.name().toLowerCase(Locale.ROOT)));
    }

    private static Column count(MediaKind kind) {
        return size(of(kind)).cast(LongType);
    }

    private static Column bytes(MediaKind kind) {
        return aggregate(
                flatten(of(kind).getField("files")),
                lit(0L),
                (sum, file) -> sum.plus(octet_length(file.getField("bytes")).cast(LongType)));
    }

    /** A row of {@link #SCHEMA}; of one that fails, what it takes is null. */
    public static Row row(PreparedRow row) {
        String customId = row.customId().orElse(row.rowId());
        return row.outcome()
                .fold(
                        request -> RowFactory.create(
                                row.rowId(),
                                customId,
                                null,
                                request.promptTokens(),
                                request.visionTokens(),
                                request.generation().maxTokens(),
                                of(request, MediaKind.IMAGE).count(),
                                bytes(request, MediaKind.IMAGE),
                                of(request, MediaKind.VIDEO).count(),
                                bytes(request, MediaKind.VIDEO)),
                        rejection -> rejected(row.rowId(), customId, rejection));
    }

    private static Row rejected(String rowId, String customId, Rejection rejection) {
        return RowFactory.create(rowId, customId, ErrorFields.of(rejection), null, null, null, null, null, null, null);
    }

    private static Stream<PreparedMedia> of(PreparedRequest request, MediaKind kind) {
        return request.media().stream().filter(medium -> medium.kind() == kind);
    }

    private static long bytes(PreparedRequest request, MediaKind kind) {
        return of(request, kind)
                .mapToLong(medium -> medium.fold(
                        images -> images.images().stream()
                                .mapToLong(file -> file.image().fileBytes())
                                .sum(),
                        video -> (long) video.video().bytes().length,
                        resized -> resized.files().stream()
                                .mapToLong(file -> file.bytes().length)
                                .sum()))
                .sum();
    }
}
