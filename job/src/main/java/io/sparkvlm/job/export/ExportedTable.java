package io.sparkvlm.job.export;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.evaluate.Scoring;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A scored table with the columns that files for other tools are made of.
 *
 * @param number the column by whose numbers the other tools know questions, where there is one
 * @param carried the columns that the requests or the gold table brought, but for those of bytes
 * @param choices the most that a question offers, where they have columns of their own
 */
record ExportedTable(
        Dataset<Row> table, Scoring scoring, Optional<String> number, List<StructField> carried, int choices) {
    static final String NUMBER = "number";
    static final String ANSWER = "answer";
    static final String FAILURE = "failure";
    static final String GOLD = "gold";
    static final String CHOICES = "choices";
    static final String SCORE = "score";
    static final String QUESTION = "question";
    static final String INPUT_TOKENS = "input_tokens";
    static final String OUTPUT_TOKENS = "output_tokens";
    /** What the requests brought, as one text of JSON. */
    static final String DOC = "doc";
    /** The same, a value for each column. */
    static final String CELLS = "cells";

    /** A driver that goes over a table has one partition at a time, as a whole; with a page of text a row it is some 50 MB. */
    private static final long PARTITION_ROWS = 10_000;

    /** From A to Z. */
    private static final int LETTERS = 26;

    private static final Map<String, String> NULLS_TOO = Map.of("ignoreNullFields", "false");

    /** @throws JobRefusedException where what would be a question's number is none */
    static ExportedTable of(ScoredTable scored, ExportFormat format) throws JobRefusedException {
        Dataset<Row> table = scored.rows();
        Set<String> own = new TreeSet<>(List.of(Columns.OUTPUT.fieldNames()));
        own.addAll(Set.of(Columns.COPY_OF, Columns.ROW_INDEX));
        own.addAll(Set.of(ScoredTable.GOLD_OF_ROW, ScoredTable.CHOICES_OF_ROW, ScoredTable.SCORE_OF_ROW));
        List<StructField> carried = Arrays.stream(table.schema().fields())
                .filter(field -> !own.contains(field.name()) && !(field.dataType() instanceof BinaryType))
                .toList();
        Set<String> names = new TreeSet<>(Arrays.asList(table.columns()));
        Optional<String> number = List.of(format.number(), Columns.ROW_INDEX).stream()
                .filter(names::contains)
                .findFirst();
        if (number.isPresent()) {
            requireNumbers(table.schema().apply(number.get()));
        }
        int choices = format == ExportFormat.JSONL ? 0 : mostChoices(scored.scoring(), table);
        return new ExportedTable(table, scored.scoring(), number, carried, choices);
    }

    private static void requireNumbers(StructField field) throws JobRefusedException {
        if (!(field.dataType() instanceof NumericType) && !(field.dataType() instanceof StringType)) {
            throw new JobRefusedException("expected numbers in the column " + field.name()
                    + ", by which the file that --export writes knows questions, found "
                    + field.dataType().simpleString() + ": rename it, or leave it out with --drop-columns of generate");
        }
    }

    private static int mostChoices(Scoring scoring, Dataset<Row> table) {
        if (scoring.choices().isEmpty()) {
            return 0;
        }
        Row most = table.agg(coalesce(max(size(col(ScoredTable.CHOICES_OF_ROW))), lit(0)))
                .first();
        return Math.min(most.getInt(0), LETTERS);
    }

    /** The names of what the requests brought. */
    List<String> carriedNames() {
        List<String> names = new ArrayList<>(List.of(Columns.CUSTOM_ID));
        carried.forEach(field -> names.add(field.name()));
        return names;
    }

    /**
     * A row for each sample, in partitions that a driver can hold.
     *
     * @param count of the rows
     */
    Dataset<Row> rows(Column order, long count) {
        Column question = carried.stream().anyMatch(field -> field.name().equals(QUESTION))
                ? column(QUESTION).cast(DataTypes.StringType)
                : lit(null).cast(DataTypes.StringType);
        List<Column> documents = new ArrayList<>(List.of(col(Columns.CUSTOM_ID)));
        carried.forEach(field -> documents.add(column(field.name())));
        List<Column> cells = new ArrayList<>(List.of(col(Columns.CUSTOM_ID)));
        carried.forEach(field -> cells.add(cell(field).as(field.name())));
        return table.repartitionByRange(Math.toIntExact(count / PARTITION_ROWS + 1), order)
                .sortWithinPartitions(order)
                .select(
                        number.map(name -> column(name).try_cast(DataTypes.LongType))
                                .orElseGet(() -> lit(null).cast(DataTypes.LongType))
                                .as(NUMBER),
                        col("text").as(ANSWER),
                        concat_ws(": ", col("error.code"), col("error.message")).as(FAILURE),
                        col(ScoredTable.GOLD_OF_ROW).as(GOLD),
                        col(ScoredTable.CHOICES_OF_ROW).as(CHOICES),
                        col(ScoredTable.SCORE_OF_ROW).as(SCORE),
                        question.as(QUESTION),
                        col("usage.prompt_tokens").as(INPUT_TOKENS),
                        col("usage.completion_tokens").as(OUTPUT_TOKENS),
                        to_json(struct(documents.toArray(Column[]::new)), NULLS_TOO)
                                .as(DOC),
                        struct(cells.toArray(Column[]::new)).as(CELLS));
    }

    /** Numbers and truth values as they are, all else as text. */
    private Column cell(StructField field) {
        DataType type = field.dataType();
        if (type instanceof StructType || type instanceof ArrayType || type instanceof MapType) {
            return to_json(column(field.name()));
        }
        boolean plain = (type instanceof NumericType && !(type instanceof DecimalType)) || type instanceof BooleanType;
        return plain ? column(field.name()) : column(field.name()).cast(DataTypes.StringType);
    }

    private Column column(String name) {
        return table.col("`" + name.replace("`", "``") + "`");
    }
}
