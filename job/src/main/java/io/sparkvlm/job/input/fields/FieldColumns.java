package io.sparkvlm.job.input.fields;

import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.openai.WireText;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RequestTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes columns of the fields of the user's own, in the order of their names. */
public final class FieldColumns {
    /** More are no columns but data, as a key that differs from line to line: one column holds them all. */
    public static final int MOST_COLUMNS = 1000;

    private static final String ALL_IN_ONE = "other_fields";

    private FieldColumns() {}

    /**
     * The requests with a column for each field.
     *
     * @param types of all fields of all lines
     */
    public static Dataset<Row> add(Dataset<Row> requests, Map<String, FieldType> types) {
        if (types.isEmpty()) {
            return requests;
        }
        StructType before = requests.schema();
        if (types.size() > MOST_COLUMNS) {
            StructType schema = before.add(ALL_IN_ONE, DataTypes.StringType);
            return requests.map(new InOneColumn(before.fieldIndex(Columns.REQUEST)), Encoders.row(schema));
        }
        Map<String, FieldType> sorted = new TreeMap<>(types);
        List<StructField> fields = sorted.entrySet().stream()
                .map(field -> DataTypes.createStructField(
                        WireText.wellFormed(field.getKey()), field.getValue().column(), true))
                .toList();
        StructType schema = before;
        for (StructField field : CarriedNames.of(fields)) {
            schema = schema.add(field);
        }
        return requests.map(
                        new InColumns(
                                before.fieldIndex(Columns.REQUEST),
                                OwnFields::of,
                                new ArrayList<>(sorted.keySet()),
                                new ArrayList<>(sorted.values())),
                        Encoders.row(schema))
                .to(schema); // an encoder forgets what is said of a field
    }

    /**
     * Lines as rows of a table, with a column for each field under its own name beside what they are.
     *
     * @param line the column that holds the lines
     * @param types of all fields of all lines
     */
    public static Dataset<Row> tableOf(Dataset<Row> lines, String line, Map<String, FieldType> types) {
        Map<String, FieldType> sorted = new TreeMap<>(types);
        StructType schema = lines.schema();
        for (Map.Entry<String, FieldType> field : sorted.entrySet()) {
            schema = schema.add(
                    WireText.wellFormed(field.getKey()), field.getValue().column());
        }
        return lines.map(
                new InColumns(
                        lines.schema().fieldIndex(line),
                        LineFields::all,
                        new ArrayList<>(sorted.keySet()),
                        new ArrayList<>(sorted.values())),
                Encoders.row(schema));
    }

    /** Says which fields of a line have columns. */
    @FunctionalInterface
    private interface FieldChoice extends Function<LineFields, Map<String, String>>, Serializable {}

    private record InColumns(int request, FieldChoice choice, List<String> names, List<FieldType> types)
            implements MapFunction<Row, Row>, Serializable {
        @Override
        public Row call(Row row) {
            Map<String, String> own = fields(row, request, choice);
            Object[] values = Arrays.copyOf(valuesOf(row), row.size() + names.size());
            for (int i = 0; i < names.size(); i++) {
                values[row.size() + i] = types.get(i).value(own.getOrDefault(names.get(i), "null"));
            }
            return RowFactory.create(values);
        }
    }

    private record InOneColumn(int request) implements MapFunction<Row, Row>, Serializable {
        @Override
        public Row call(Row row) {
            Map<String, String> own = fields(row, request, OwnFields::of);
            Object[] values = Arrays.copyOf(valuesOf(row), row.size() + 1);
            values[row.size()] = own.isEmpty()
                    ? null
                    : own.entrySet().stream()
                            .map(field -> OpenAiJson.write(field.getKey()) + ":" + field.getValue())
                            .collect(Collectors.joining(",", "{", "}"));
            return RowFactory.create(values);
        }
    }

    private static Map<String, String> fields(Row row, int request, FieldChoice choice) {
        return RequestTable.json(row.get(request))
                .fold(line -> choice.apply(LineFields.read(line)), rejection -> Map.of());
    }

    private static Object[] valuesOf(Row row) {
        Object[] values = new Object[row.size()];
        Arrays.setAll(values, row::get);
        return values;
    }
}
