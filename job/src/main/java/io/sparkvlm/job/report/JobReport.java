package io.sparkvlm.job.report;

import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.output.StartLog.Start;
import io.sparkvlm.job.report.Measurements.ExecutorRows;
import io.sparkvlm.job.show.HtmlPage;
import io.sparkvlm.job.show.PageModel;
import io.sparkvlm.job.show.ShownRow;
import io.sparkvlm.job.show.TableSummary;
import io.sparkvlm.job.show.question.QuestionsByRow;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.VisibleText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds what a page about a job says.
 *
 * @param place where the output lies
 * @param unfinished why it may not hold all rows; empty where it does
 * @param note what the reader must know of the examples; empty where there is nothing
 * @param answers a few rows with answers
 * @param failures a few rows of each error code
 * @param starts of the job, first to last; none where the output has no list of them
 */
public record JobReport(
        String place,
        String unfinished,
        String note,
        TableSummary summary,
        Measurements measurements,
        List<ShownRow> answers,
        List<ShownRow> failures,
        QuestionsByRow questions,
        Optional<RunRecord> run,
        List<Start> starts) {

    /** The page as one file, with the script that draws its charts. */
    public String page() throws IOException {
        Map<String, Object> values = new HashMap<>();
        values.put("place", VisibleText.line(place));
        values.put("unfinished", unfinished);
        values.put("note", VisibleText.of(note));
        values.put("figures", PageModel.figures(summary));
        values.put("facts", facts());
        values.put(
                "throughput",
                measurements.throughput().stream()
                        .flatMap(JobReport::overTime)
                        .map(Chart::model)
                        .toList());
        values.put(
                "histograms",
                measurements.histograms().stream()
                        .map(it -> Chart.of(it).model())
                        .toList());
        values.put("codes", PageModel.codes(summary));
        values.put(
                "executors",
                summary.answered() == summary.rows()
                        ? List.of()
                        : measurements.executors().stream()
                                .map(JobReport::executor)
                                .toList());
        values.put("failures", PageModel.rows(failures, questions));
        values.put("answers", PageModel.rows(answers, questions));
        values.put("starts", starts.stream().map(JobReport::start).toList());
        values.put("settings", settings());
        return new HtmlPage("report.html", List.of("page.css", "report.css"), List.of("chart.umd.min.js", "report.js"))
                .render(values);
    }

    private List<String> facts() {
        List<String> facts = new ArrayList<>();
        measurements.throughput().ifPresent(it -> facts.add(it.text(Pauses.among(it, starts))));
        if (measurements.copied() > 0) {
            facts.add(Figures.count(measurements.copied(), "row")
                    + " got the answer or error of another one that asks the same; the charts leave them out.");
        }
        if (measurements.triedAgain() > 0) {
            facts.add(Figures.count(measurements.triedAgain(), "row")
                    + " ended in a later attempt of their task, because an executor or its engine was lost before.");
        }
        return facts;
    }

    private static Stream<Chart> overTime(Throughput throughput) {
        boolean errors = throughput.times().stream().anyMatch(time -> time.errors() > 0);
        return Stream.concat(
                Stream.of(Chart.ofRows(throughput), Chart.ofTokens(throughput)),
                errors ? Stream.of(Chart.ofErrors(throughput)) : Stream.empty());
    }

    private static Map<String, String> executor(ExecutorRows rows) {
        return Map.of(
                "name", VisibleText.line(rows.executor()),
                "answered", Figures.count(rows.answered()),
                "errors", Figures.count(rows.errors()));
    }

    private static Map<String, String> start(Start start) {
        String lost =
                start.lostExecutors() == 0 ? "" : ", " + Figures.count(start.lostExecutors()) + " lost or given back";
        return Map.of(
                "started",
                VisibleText.line(start.started()),
                "ended",
                VisibleText.line(start.ended()),
                "outcome",
                start.outcome().isEmpty() ? "still runs, or was killed" : VisibleText.line(start.outcome()),
                "rows",
                start.ended().isEmpty() ? "" : Figures.count(start.rows()),
                "executors",
                "at most " + Figures.count(start.mostExecutors()) + lost,
                "application",
                VisibleText.line(start.application()));
    }

    private List<Map<String, String>> settings() {
        return run.map(RunRecord::whole).map(SettingsList::of).orElse(Map.of()).entrySet().stream()
                .map(setting ->
                        Map.of("name", VisibleText.line(setting.getKey()), "value", VisibleText.of(setting.getValue())))
                .toList();
    }
}
