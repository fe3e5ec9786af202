package io.sparkvlm.job.show;

import io.sparkvlm.job.show.question.Picture;
import io.sparkvlm.job.show.question.QuestionsByRow;
import io.sparkvlm.job.show.question.RowQuestion;
import io.sparkvlm.job.show.question.RowQuestion.Turn;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Makes the maps and lists of text that the page's template reads; the template engine reads nothing else. */
public final class PageModel {
    private PageModel() {}

    static Map<String, Object> of(ReportContent answers) {
        TableSummary summary = answers.summary();
        return Map.of(
                "place", VisibleText.line(answers.place()),
                "unfinished", answers.unfinished(),
                "note", VisibleText.of(answers.note()),
                "extent", answers.extent(),
                "cut", answers.isCut(),
                "figures", figures(summary),
                "codes", codes(summary),
                "shownCodes",
                        answers.rows().stream()
                                .flatMap(row -> row
                                        .result()
                                        .fold(answer -> List.<String>of(), failure -> List.of(failure.code()))
                                        .stream())
                                .map(VisibleText::line)
                                .distinct()
                                .sorted()
                                .toList(),
                "rows", rows(answers.rows(), answers.questions()));
    }

    /** The error codes with how many rows have them. */
    public static List<Map<String, String>> codes(TableSummary summary) {
        return summary.errors().entrySet().stream()
                .map(code -> Map.of(
                        "name", VisibleText.line(code.getKey()),
                        "count", Figures.count(code.getValue()),
                        "share", Figures.percent(code.getValue(), summary.rows())))
                .toList();
    }

    /** The cards of rows, as {@code card.html} reads them. */
    public static List<Map<String, Object>> rows(List<ShownRow> rows, QuestionsByRow questions) {
        return rows.stream().map(row -> row(row, questions.of(row.rowId()))).toList();
    }

    /** The figures of a whole table. */
    public static List<Map<String, String>> figures(TableSummary summary) {
        List<Map<String, String>> figures = new ArrayList<>();
        figures.add(figure(Figures.count(summary.rows()), summary.rows() == 1 ? "row" : "rows"));
        figures.add(figure(Figures.count(summary.answered()), "answered"));
        figures.add(figure(Figures.count(summary.errorRows()), summary.errorRows() == 1 ? "error" : "errors"));
        figures.add(figure(
                Figures.count(summary.tokens().prompt()),
                "prompt tokens, " + Figures.count(summary.tokens().vision()) + " of them vision"));
        figures.add(figure(Figures.count(summary.tokens().completion()), "answer tokens"));
        summary.latency().ifPresent(latency -> {
            figures.add(figure(
                    Figures.time(latency.medianMs()),
                    "a row, in the median; 95 % within " + Figures.time(latency.of95PercentMs()) + ", all within "
                            + Figures.time(latency.longestMs())));
            figures.add(figure(Figures.time(latency.medianFirstTokenMs()), "to the first token, in the median"));
        });
        return figures;
    }

    private static Map<String, String> figure(String value, String name) {
        return Map.of("value", value, "name", name);
    }

    private static Map<String, Object> row(ShownRow row, RowQuestion asked) {
        return Map.of(
                "customId", VisibleText.line(row.customId()),
                "rowId", VisibleText.line(row.rowId()),
                "result", result(row.result()),
                "question", asked(asked),
                "media",
                        ShownMedium.of(row, asked).stream()
                                .map(PageModel::medium)
                                .toList(),
                "time", time(row.totalMs()),
                "firstToken", time(row.firstTokenMs()),
                "warnings", row.warnings().stream().map(VisibleText::line).toList());
    }

    private static Map<String, Object> result(RowResult result) {
        return result.fold(
                answer -> Map.of(
                        "status", "ok",
                        "code", "",
                        "text", VisibleText.of(answer.text()),
                        "ending", answer.ending(),
                        "tokens", answer.tokens(),
                        "param", "",
                        "httpStatus", ""),
                failure -> Map.of(
                        "status", "error",
                        "code", VisibleText.line(failure.code()),
                        "text", VisibleText.of(failure.message()),
                        "ending", "",
                        "tokens", "",
                        "param", VisibleText.line(failure.param().orElse("")),
                        "httpStatus", Integer.toString(failure.status())));
    }

    private static Map<String, Object> asked(RowQuestion asked) {
        return asked.fold(
                question -> Map.of(
                        "why", "",
                        "text", VisibleText.of(question.text()),
                        "earlierCount", Figures.count(question.earlier().size(), "earlier turn"),
                        "earlier",
                                question.earlier().stream().map(PageModel::turn).toList()),
                unknown -> Map.of(
                        "why", VisibleText.of(unknown.why()), "text", "", "earlierCount", "", "earlier", List.of()));
    }

    private static Map<String, String> turn(Turn turn) {
        return Map.of("role", VisibleText.line(turn.role()), "text", VisibleText.of(turn.text()));
    }

    private static Map<String, Object> medium(ShownMedium medium) {
        int more = medium.names().size() - medium.pictures().size();
        return Map.of(
                "name", VisibleText.line(medium.name()),
                "size", medium.size(),
                "more", medium.pictures().isEmpty() || more < 1 ? "" : "+ " + Figures.count(more),
                "pictures", medium.pictures().stream().map(PageModel::picture).toList());
    }

    private static Map<String, Object> picture(Picture picture) {
        return picture.fold(
                drawn -> Map.of("url", drawn.dataUrl(), "width", drawn.width(), "height", drawn.height(), "why", ""),
                missing -> Map.of("url", "", "width", 0, "height", 0, "why", VisibleText.line(missing.why())));
    }

    private static String time(OptionalDouble milliseconds) {
        return milliseconds.isEmpty() ? "" : Figures.time(milliseconds.getAsDouble());
    }
}
