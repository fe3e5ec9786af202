package io.sparkvlm.spark.table;

import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.prepared.MediaForm;
import io.sparkvlm.preprocessing.prepared.MediaPlan;
import io.sparkvlm.preprocessing.prepared.PreparedMedia;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.PreparedFile;
import io.sparkvlm.preprocessing.prepared.PreparedMedia.ResizedPictures;
import io.sparkvlm.preprocessing.vision.ResizedSize;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Turns an image or video into a row of the tables' {@code media} columns, and back. */
final class MediaFields {
    private MediaFields() {}

    /** The medium as the output has it, without its bytes. */
    static Row of(PreparedMedia media) {
        return RowFactory.create(fields(media));
    }

    /** The medium as it crosses from stage to stage, resized. */
    static Row withFiles(PreparedMedia media) {
        List<Row> files = media.files().stream()
                .map(file -> RowFactory.create(file.bytes(), file.ref(), file.param()))
                .toList();
        return RowFactory.create(
                CarriedColumns.concat(fields(media), new Object[] {lower(media.form()), SparkArray.of(files)}));
    }

    /**
     * Reads what {@link #withFiles} wrote.
     *
     * @param geometry of the checkpoint that it was written for
     */
    static PreparedMedia read(Row media, PatchGeometry geometry) {
        List<Integer> grid = media.getList(7);
        return new ResizedPictures(
                new MediaPlan(
                        MediaKind.valueOf(upper(media.getString(0))),
                        media.getString(1),
                        media.getString(2),
                        media.getInt(3),
                        media.getInt(4),
                        new ResizedSize(media.getInt(5), media.getInt(6)),
                        new PatchGrid(grid.get(0), grid.get(1), grid.get(2), geometry),
                        media.getList(8)),
                MediaForm.valueOf(upper(media.getString(9))),
                media.<Row>getList(10).stream()
                        .map(file -> new PreparedFile(file.getAs(0), file.getString(1), file.getString(2)))
                        .toList());
    }

    private static Object[] fields(PreparedMedia media) {
        return new Object[] {
            lower(media.kind()),
            media.ref(),
            media.sha256(),
            media.width(),
            media.height(),
            media.resizedWidth(),
            media.resizedHeight(),
            SparkArray.of(
                    List.of(media.grid().t(), media.grid().h(), media.grid().w())),
            SparkArray.of(media.frames())
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
