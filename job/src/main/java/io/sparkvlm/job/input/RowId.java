package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;

import io.sparkvlm.spark.table.Columns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Makes the ids that say where a row stood in its input, the same for any cut of the input into tasks and any number
 * of cores, and orders rows by them.
 */
public final class RowId {
    private RowId() {}

    /**
     * A row's id.
     *
     * @param file relative to the input
     * @param position the byte at which its line starts, or its index in a Parquet file
     */
    static String of(String file, long position) {
        return file + ":" + position;
    }

    /** The file that a row stood in, relative to the input. */
    public static String file(String rowId) {
        return rowId.substring(0, Math.max(0, rowId.lastIndexOf(':')));
    }

    /** The place in the file, of an id that was made here. */
    public static long position(String rowId) {
        return Long.parseLong(rowId.substring(rowId.lastIndexOf(':') + 1));
    }

    /**
     * Orders rows as they stand in the input: by file, then by position, which is a number in
     * the ids that are made here.
     *
     * @return a struct whose last field, {@value Columns#ROW_ID}, is the id
     */
    public static Column place() {
        return place(col(Columns.ROW_ID));
    }

    /** Orders rows by an id that is in no column of that name. */
    static Column place(Column rowId) {
        Column position = substring_index(rowId, ":", -1);
        return struct(
                rowId.substr(lit(1), length(rowId).minus(length(position))).as("file"),
                position.try_cast(DataTypes.LongType).as("position"),
                rowId.as(Columns.ROW_ID));
    }
}
