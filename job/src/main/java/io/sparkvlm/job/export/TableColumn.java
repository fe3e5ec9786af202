package io.sparkvlm.job.export;

import io.sparkvlm.job.metric.MetricName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * A column of VLMEvalKit's table of predictions.
 *
 * @param value a number, a truth value or a text; null for an empty cell
 */
record TableColumn(String name, Function<Sample, Object> value) {
    /** How VLMEvalKit marks questions that a model did not answer, and finds those to ask again. */
    private static final String FAILED = "Failed to obtain answer via API.";

    /** The columns of its own and those that the requests brought, unless these have a name of its own. */
    static List<TableColumn> of(ExportedTable table) {
        boolean letters = table.scoring().metric() == MetricName.CHOICE;
        List<TableColumn> columns = new ArrayList<>();
        columns.add(new TableColumn(ExportFormat.TSV.number(), Sample::number));
        for (int i = 0; i < table.choices(); i++) {
            int place = i;
            columns.add(new TableColumn(Character.toString('A' + i), sample -> choice(sample, place)));
        }
        List<TableColumn> last = List.of(
                new TableColumn("answer", sample -> GoldText.of(sample.gold(), letters)),
                new TableColumn("prediction", TableColumn::prediction),
                new TableColumn("score", sample -> sample.score().orElse(null)));
        Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        columns.forEach(column -> taken.add(column.name()));
        last.forEach(column -> taken.add(column.name()));
        table.carriedNames().stream()
                .filter(taken::add)
                .forEach(name -> columns.add(new TableColumn(name, sample -> carried(sample, name))));
        columns.addAll(last);
        return columns;
    }

    private static Object carried(Sample sample, String name) {
        return sample.row().<Row>getAs(ExportedTable.CELLS).getAs(name);
    }

    private static String choice(Sample sample, int place) {
        List<String> choices = sample.gold().choices();
        return place < choices.size() ? choices.get(place) : null;
    }

    private static String prediction(Sample sample) {
        return sample.answer().orElseGet(() -> FAILED + " " + sample.failure());
    }
}
