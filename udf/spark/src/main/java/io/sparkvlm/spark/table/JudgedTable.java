package io.sparkvlm.spark.table;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedRequest;
import io.sparkvlm.preprocessing.prepared.PreparedRow;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
                .flatMap(medium -> medium.files().stream())
                .mapToLong(file -> file.bytes().length)
                .sum();
    }
}
