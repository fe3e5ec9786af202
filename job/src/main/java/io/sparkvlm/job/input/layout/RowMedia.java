package io.sparkvlm.job.input.layout;

import io.sparkvlm.job.input.layout.MessageMedia.Demand;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;

/** Holds the columns with the images and videos of a table's rows. */
record RowMedia(List<MediaColumn> images, List<MediaColumn> videos, Demand demand) {
    // TRL, "Dataset formats and types", and transformers' chat templates; of two the first is taken.
    private static final List<String> USUAL_IMAGES = List.of("images", "image");
    private static final List<String> USUAL_VIDEOS = List.of("videos", "video");

    /** Those that flags name. */
    static RowMedia named(ColumnRoles roles, StructType schema) throws JobRefusedException {
        return new RowMedia(
                MediaColumn.of(ColumnRoles.IMAGE_OPTION, roles.images(), schema),
                MediaColumn.of(ColumnRoles.VIDEO_OPTION, roles.videos(), schema),
                Demand.ALWAYS);
    }

    /** Those that have the names which such columns usually have. */
    static RowMedia usual(StructType schema) {
        return new RowMedia(usual(USUAL_IMAGES, schema), usual(USUAL_VIDEOS, schema), Demand.WHERE_PARTS_ARE_OPEN);
    }

    private static List<MediaColumn> usual(List<String> names, StructType schema) {
        return names.stream()
                .flatMap(name -> Arrays.stream(schema.fields())
                        .filter(field -> field.name().equals(name)))
                .filter(field -> MediaColumn.isMedia(field.dataType()))
                .limit(1)
                .map(field -> new MediaColumn(PathColumn.of(field)))
                .toList();
    }

    boolean isEmpty() {
        return images.isEmpty() && videos.isEmpty();
    }

    Column imageReferences() {
        return MediaColumn.references(images);
    }

    Column videoReferences() {
        return MediaColumn.references(videos);
    }
}
