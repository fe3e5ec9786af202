package io.sparkvlm.job.input.layout;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.FileValue;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Holds a column of images or videos: one in each row, or an array of them. */
record MediaColumn(PathColumn value) {
    /** @param option the flag that names them */
    static List<MediaColumn> of(String option, List<String> paths, StructType schema) throws JobRefusedException {
        List<MediaColumn> columns = new ArrayList<>();
        for (String path : paths) {
            PathColumn value = PathColumn.of(option, path, schema);
            if (!isMedia(value.type())) {
                throw new JobRefusedException("expected " + option
                        + " to name bytes, paths or URLs, structures of both, or arrays of these, found " + path
                        + ", which is " + value.type().simpleString());
            }
            columns.add(new MediaColumn(value));
        }
        return columns;
    }

    static boolean isMedia(DataType type) {
        return FileValue.isFile(type) || (type instanceof ArrayType array && FileValue.isFile(array.elementType()));
    }

    /** The references of a row's media, in the order of the columns. */
    static Column references(List<MediaColumn> columns) {
        return columns.isEmpty()
                ? array().cast("array<string>")
                : concat(columns.stream().map(MediaColumn::references).toArray(Column[]::new));
    }

    /** A null is referred to as well, so that its row says so. */
    private Column references() {
        String reference = "column:" + value.path();
        if (FileValue.isFile(value.type())) {
            return array(lit(reference));
        }
        // By number: an element that is looked at would be copied.
        Column each = transform(
                sequence(lit(0), size(value.column()).minus(1)),
                number -> concat(lit(reference + "["), number.cast("string"), lit("]")));
        return when(value.column().isNull(), array(lit(reference + "[0]")))
                .when(size(value.column()).equalTo(0), array().cast("array<string>"))
                .otherwise(each);
    }
}
