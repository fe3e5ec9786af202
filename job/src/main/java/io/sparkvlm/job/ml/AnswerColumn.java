package io.sparkvlm.job.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

import io.sparkvlm.job.input.layout.FieldColumn;
import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Adds the answers to the requests of one column as another, and leaves all columns as they were. */
record AnswerColumn(String requests, String answers, AnswerType type) {
    /** The name that requests have for the job, whatever other columns there are. */
    private static final String BODY = "body";

    /** What the job takes, or writes anew, is kept in this column meanwhile. */
    private static final String KEPT = "sparkvlm_kept";

    /**
     * The table's columns and the answers'.
     *
     * @throws IllegalArgumentException naming the column at fault
     */
    StructType schema(StructType table) {
        if (!List.of(table.fieldNames()).contains(requests)) {
            throw new IllegalArgumentException("expected the inputCol \"" + requests + "\" among the columns, found "
                    + String.join(", ", table.fieldNames()));
        }
        StructField field = table.apply(requests);
        if (!(field.dataType() instanceof StringType) && !(field.dataType() instanceof BinaryType)) {
            throw new IllegalArgumentException("expected the inputCol \"" + requests
                    + "\" to hold JSON as a string, found " + field.dataType().simpleString());
        }
        if (Arrays.stream(table.fieldNames()).anyMatch(answers::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "expected an outputCol that is not there yet, found \"" + answers + "\" among the columns");
        }
        return table.add(type.field(answers));
    }

    /**
     * The table with its answers.
     *
     * @param job answers a table of requests into the output table
     */
    Dataset<Row> added(Dataset<Row> table, UnaryOperator<Dataset<Row>> job) {
        List<StructField> fields = List.of(table.schema().fields());
        List<StructField> carried =
                fields.stream().filter(field -> !isKept(field)).toList();
        Dataset<Row> answered = job.apply(table.select(forTheJob(fields, carried)));
        List<StructField> out = Arrays.stream(answered.schema().fields())
                .skip(Columns.OUTPUT.size())
                .toList();
        if (out.size() != carried.size() + 1) {
            throw new IllegalArgumentException("expected options that leave all columns, found that of "
                    + carried.size() + " the job leaves " + (out.size() - 1)
                    + ": leave out those that say what columns are for");
        }
        return answered.select(Stream.concat(
                        fields.stream().map(field -> (isKept(field)
                                        ? col(KEPT).getField(field.name())
                                        : FieldColumn.of(out.get(carried.indexOf(field))))
                                .as(field.name(), field.metadata())),
                        Stream.of(type.value().as(answers)))
                .toArray(Column[]::new));
    }

    private Column[] forTheJob(List<StructField> fields, List<StructField> carried) {
        List<Column> columns = new ArrayList<>();
        carried.forEach(field -> columns.add(FieldColumn.of(field)));
        List<Column> kept = new ArrayList<>();
        for (StructField field : fields) {
            if (isKept(field)) {
                kept.add(FieldColumn.of(field));
            }
            if (Set.of(Columns.ROW_ID, Columns.CUSTOM_ID).contains(field.name())) {
                columns.add(FieldColumn.of(field));
            }
            if (field.name().equals(requests)) {
                columns.add(FieldColumn.of(field).as(BODY));
            }
        }
        columns.add(struct(kept.toArray(Column[]::new)).as(KEPT));
        return columns.toArray(Column[]::new);
    }

    private boolean isKept(StructField field) {
        return Set.of(requests, Columns.ROW_ID, Columns.CUSTOM_ID).contains(field.name())
                || field.name().equalsIgnoreCase(BODY);
    }
}
