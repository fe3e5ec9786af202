package io.sparkvlm.job.show;

import io.sparkvlm.job.show.question.QuestionsByRow;
import io.sparkvlm.job.text.Figures;
import java.util.List;

/**
 * Holds what a report shows of a table.
 *
 * @param place where the table lies
 * @param unfinished why it may not hold all rows; empty where it does
 * @param note what the reader must know of all rows; empty where there is nothing
 * @param rows the first that the filter takes
 */
public record ReportContent(
        String place,
        String unfinished,
        String note,
        TableSummary summary,
        RowFilter filter,
        List<ShownRow> rows,
        QuestionsByRow questions) {
    /** How many of the rows are shown, in words. */
    public String extent() {
        String wanted = filter.text().isEmpty() ? "" : " with " + filter.text();
        return summary.matching() == rows.size()
                ? Figures.count(rows.size(), "row") + wanted
                : "the first " + Figures.count(rows.size()) + " of " + Figures.count(summary.matching(), "row")
                        + wanted;
    }

    boolean isCut() {
        return summary.matching() > rows.size();
    }
}
