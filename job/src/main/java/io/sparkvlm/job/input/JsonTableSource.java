package io.sparkvlm.job.input;

import static org.apache.spark.sql.functions.col;

import io.sparkvlm.job.input.fields.FieldColumns;
import io.sparkvlm.job.input.fields.FieldType;
import io.sparkvlm.job.input.fields.MergedMap;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.JsonText;
import io.sparkvlm.job.input.layout.RequestLayouts;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.preprocessing.openai.LineFields;
import io.sparkvlm.spark.table.CarriedNames;
import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.table.RequestTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes requests of lines of JSON that are rows of a table, as {@code {"image": "a.jpg", "prompt": "What is it?"}}. It reads
 * them once before, for the types of the columns.
 */
final class JsonTableSource implements RequestSource {
    private static final String ROW = "sparkvlm_row";
    private static final String LINE = "sparkvlm_line";

    private final RequestFiles files;

    private final ColumnRoles roles;

    JsonTableSource(RequestFiles files, ColumnRoles roles) {
        this.files = files;
        this.roles = roles;
    }

    @Override
    public Dataset<Row> read(SparkSession spark, Consumer<String> notes) throws JobRefusedException {
        ColumnCase.tellApart(spark);
        Dataset<Row> lines = new JsonLinesSource(files)
                .read(spark, notes)
                .withColumnsRenamed(Map.of(Columns.ROW_ID, ROW, Columns.REQUEST, LINE));
        Map<String, FieldType> types = types(lines, roles.media());
        if (types.size() > FieldColumns.MOST_COLUMNS) {
            throw new JobRefusedException("expected lines that have at most " + FieldColumns.MOST_COLUMNS
                    + " different fields, as they are rows of a table, found more");
        }
        requireFiles(types, roles.media());
        Dataset<Row> table = FieldColumns.tableOf(lines, LINE, types);
        StructType fields = new StructType(Arrays.stream(table.schema().fields())
                .filter(field -> !Set.of(ROW, LINE).contains(field.name()))
                .map(field -> types.get(field.name()) == FieldType.JSON ? JsonText.field(field) : field)
                .toArray(StructField[]::new));
        RequestColumns columns = new RequestColumns(fields, RequestLayouts.ofLines(fields, roles, col(LINE)));
        Dataset<Row> requests = columns.select(table, col(ROW));
        CarriedNames.changes(requests.schema()).forEach(notes);
        return requests;
    }

    private static void requireFiles(Map<String, FieldType> types, List<String> media) throws JobRefusedException {
        for (Map.Entry<String, FieldType> field : types.entrySet()) {
            if (field.getValue() == FieldType.JSON && isIn(field.getKey(), media)) {
                throw new JobRefusedException("expected the column " + field.getKey()
                        + " to hold paths, URLs or base64 as strings, or objects as {\"bytes\": BASE64, \"path\": PATH} or"
                        + " {\"url\": URL} and no other keys, or in all lines lists of these; found other JSON");
            }
        }
    }

    private static Map<String, FieldType> types(Dataset<Row> lines, List<String> media) {
        MergedMap<FieldType> types = new MergedMap<>(FieldType::with);
        lines.sparkSession().sparkContext().register(types);
        lines.select(LINE).foreachPartition((ForeachPartitionFunction<Row>) rows -> {
            Map<String, FieldType> found = new HashMap<>();
            while (rows.hasNext() && found.size() <= FieldColumns.MOST_COLUMNS) {
                RequestTable.json(rows.next().get(0))
                        .fold(line -> LineFields.read(line).all(), rejection -> Map.<String, String>of())
                        .forEach((name, json) -> found.merge(
                                name,
                                isIn(name, media) ? FieldType.ofFile(json) : FieldType.of(json),
                                FieldType::with));
            }
            types.add(found);
        });
        return types.value();
    }

    /** Whether one of the paths leads into the column. */
    private static boolean isIn(String column, List<String> paths) {
        return paths.stream()
                .anyMatch(
                        path -> path.equals(column) || path.startsWith(column + ".") || path.startsWith(column + "["));
    }
}
