package io.sparkvlm.spark.exchange;

import io.sparkvlm.spark.exchange.BucketCosts.Cost;
import io.sparkvlm.spark.table.PreparedTable;
import io.sparkvlm.spark.table.RowByRow;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;

/**
 * Puts each row into a bucket of the exchange, by its id alone. If the bucket depended on what the row turned out to
 * be, a task that is run again after its output was lost could, where a fetch ends otherwise, send a row to another
 * bucket, and it would be answered twice or never.
 */
record BucketStage(PreparedTable prepared, int buckets, BucketCosts costs, LongAccumulator exchangedRows)
        implements RowByRow {
    @Override
    public Row map(Row row) {
        CRC32 hash = new CRC32();
        hash.update(prepared.rowId(row).getBytes(StandardCharsets.UTF_8));
        int bucket = (int) (hash.getValue() % buckets);
        costs.add(new Cost(bucket, prepared.costTokens(row)));
        exchangedRows.add(1);
        Object[] values = new Object[row.length() + 1];
        for (int i = 0; i < row.length(); i++) {
            values[i] = row.get(i);
        }
        values[row.length()] = bucket;
        return RowFactory.create(values);
    }
}
