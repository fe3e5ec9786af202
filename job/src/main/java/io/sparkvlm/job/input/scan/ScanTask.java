package io.sparkvlm.job.input.scan;

import io.sparkvlm.job.input.fields.FieldColumns;
import io.sparkvlm.job.input.fields.FieldType;
import io.sparkvlm.job.input.fields.OwnFields;
import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.spark.table.RequestTable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Reads a task's share of the input for {@link InputScan}: rows of id, request and custom_id become those of {@link
 * CustomIds#SCHEMA}.
 */
record ScanTask(RowOrder order, ScanFindings found, boolean ofLines) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Scan(rows);
    }

    private final class Scan implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final int task = TaskContext.getPartitionId();
        private final Map<String, Long> partRows = new HashMap<>();
        private final Map<String, FieldType> types = new HashMap<>();
        private long read;

        Scan(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            if (rows.hasNext()) {
                return true;
            }
            found.add(task, read, partRows, types);
            return false;
        }

        @Override
        public Row next() {
            Row row = rows.next();
            String rowId = row.getString(0);
            read++;
            partRows.merge(order.part(rowId, task), order.rowsUpTo(rowId, read), Math::max);
            Optional<String> ofTable = Optional.ofNullable(row.getString(2));
            String customId = RequestTable.json(row.get(1))
                    .fold(line -> customId(LineFields.read(line), ofTable), rejection -> ofTable)
                    .orElse(null);
            return RowFactory.create(customId, rowId);
        }

        private Optional<String> customId(LineFields line, Optional<String> ofTable) {
            if (ofLines && types.size() <= FieldColumns.MOST_COLUMNS) {
                OwnFields.of(line).forEach((name, json) -> types.merge(name, FieldType.of(json), FieldType::with));
            }
            return line.customId(ofTable);
        }
    }
}
