package io.sparkvlm.spark;

import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.spark.executor.ExecutorResources;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.MappedIterator;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Computes the keys of a partition's requests, of which equal ones have the same answer; it fetches no media. */
record KeyStage(RequestTable requests, PreprocessingSettings settings) implements MapPartitionsFunction<Row, Row> {
    static final StructType SCHEMA = new StructType()
            .add(Columns.ROW_ID, DataTypes.StringType)
            .add(Columns.CUSTOM_ID, DataTypes.StringType)
            .add(VlmStages.KEY, DataTypes.StringType);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        Preprocessor preprocessor = ExecutorResources.preprocessor(settings);
        return new MappedIterator<>(rows, row -> requests.read(row)
                .fold(request -> keyed(request, preprocessor), rejection -> withoutKey(row)));
    }

    private static Row keyed(RequestRow row, Preprocessor preprocessor) {
        return RowFactory.create(
                row.rowId(),
                LineFields.read(row.json()).customId(row.customId()).orElse(null),
                preprocessor.key(row).orElse(null));
    }

    private Row withoutKey(Row row) {
        return RowFactory.create(requests.rowId(row), requests.customId(row).orElse(null), null);
    }
}
