package io.sparkvlm.job.input.scan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.spark.table.Columns;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Numbers rows as they stand in the input. A part of the input is a file of Parquet, in which a row's id tells its place,
 * or a task's share of lines, in which rows come one after the other; how many rows each part has is counted before.
 */
enum RowOrder {
    BY_FILE {
        @Override
        String part(String rowId, int task) {
            return RowId.file(rowId);
        }

        @Override
        long rowsUpTo(String rowId, long rowsOfTask) {
            return RowId.position(rowId) + 1;
        }

        @Override
        Column number(Map<String, Long> before) {
            return udf(new OfRowId(new HashMap<>(before)), DataTypes.LongType).apply(col(Columns.ROW_ID));
        }
    },
    BY_TASK {
        @Override
        String part(String rowId, int task) {
            return Long.toString(FIRST_TASK + task);
        }

        @Override
        long rowsUpTo(String rowId, long rowsOfTask) {
            return rowsOfTask;
        }

        @Override
        Column number(Map<String, Long> before) {
            HashMap<Integer, Long> beforeTasks = new HashMap<>();
            before.forEach((part, rows) -> beforeTasks.put((int) (Long.parseLong(part) - FIRST_TASK), rows));
            return udf(new OfTask(beforeTasks), DataTypes.LongType).apply(monotonically_increasing_id());
        }
    };

    /** Of as many digits as any, so that names of tasks are in the order of their numbers. */
    private static final long FIRST_TASK = 10_000_000_000L;

    /** monotonically_increasing_id: the task's number, and below it the row's. */
    private static final int TASK_SHIFT = 33;

    static RowOrder of(InputFormat format) {
        return format == InputFormat.PARQUET ? BY_FILE : BY_TASK;
    }

    /** The part that a row is in; the names of parts are in their order. */
    abstract String part(String rowId, int task);

    /**
     * How many rows the part has at least.
     *
     * @param rowsOfTask those that the task has read of it, this one included
     */
    abstract long rowsUpTo(String rowId, long rowsOfTask);

    abstract Column number(Map<String, Long> before);

    /**
     * A row's number in the whole input, from 0.
     *
     * @param rowsOfParts by the names of the parts
     */
    Column index(Map<String, Long> rowsOfParts) {
        Map<String, Long> before = new HashMap<>();
        long rows = 0;
        for (Map.Entry<String, Long> part : new TreeMap<>(rowsOfParts).entrySet()) {
            before.put(part.getKey(), rows);
            rows += part.getValue();
        }
        return number(before);
    }

    private record OfRowId(HashMap<String, Long> before) implements UDF1<String, Long> {
        @Override
        public Long call(String rowId) {
            return before.getOrDefault(RowId.file(rowId), 0L) + RowId.position(rowId);
        }
    }

    private record OfTask(HashMap<Integer, Long> before) implements UDF1<Long, Long> {
        @Override
        public Long call(Long id) {
            int task = (int) (id >>> TASK_SHIFT);
            return before.getOrDefault(task, 0L) + (id & ((1L << TASK_SHIFT) - 1));
        }
    }
}
