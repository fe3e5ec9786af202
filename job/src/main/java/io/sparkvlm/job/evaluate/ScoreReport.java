package io.sparkvlm.job.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * Writes scores for people.
 *
 * @param place where the table lies
 * @param groups by the column that makes them
 */
public record ScoreReport(String place, Scoring scoring, Score total, Map<String, SortedMap<String, Score>> groups) {
    private static final String ALL = "all rows";

    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(VisibleText.line(place) + ": " + scoring.name() + " against " + VisibleText.line(scoring.gold()));
        lines.add("");
        int width = groups.values().stream()
                .flatMap(group -> group.keySet().stream())
                .mapToInt(name -> VisibleText.line(name).length() + 2)
                .reduce(ALL.length(), Math::max);
        lines.add(line("", width, "score", "95 % interval", "rows", "errors"));
        lines.add(line(ALL, width, total));
        groups.forEach((column, scores) -> {
            lines.add("by " + VisibleText.line(column));
            scores.forEach((name, score) -> lines.add(line("  " + VisibleText.line(name), width, score)));
        });
        if (total.errors() > 0) {
            lines.add("");
            lines.add("Error rows count as wrong.");
        }
        if (total.withoutGold() > 0) {
            lines.add("");
            lines.add(Figures.count(total.withoutGold(), "row") + " without a gold answer "
                    + (total.withoutGold() == 1 ? "is" : "are") + " not scored.");
        }
        return String.join(System.lineSeparator(), lines);
    }

    /**
     * The same for programs: shares from 0 to 1.
     *
     * @param exports what the user should know of files that the rows were written to
     */
    public String json(List<String> exports) {
        ObjectNode report = new ObjectMapper().createObjectNode();
        report.put("output", place).put("metric", scoring.name()).put("gold", scoring.gold());
        fill(report, total);
        exports.forEach(report.putArray("exports")::add);
        ObjectNode by = report.putObject("by");
        groups.forEach((column, scores) -> {
            ObjectNode values = by.putObject(column);
            scores.forEach((name, score) -> fill(values.putObject(name), score));
        });
        return report.toString();
    }

    private static void fill(ObjectNode node, Score score) {
        node.put("rows", score.rows()).put("scored", score.scored()).put("errors", score.errors());
        if (score.scored() > 0) {
            node.put("score", score.mean()).put("low", score.low()).put("high", score.high());
        }
    }

    private static String line(String name, int width, Score score) {
        return score.scored() == 0
                ? line(name, width, "-", "-", "0", Figures.count(score.errors()))
                : line(
                        name,
                        width,
                        Figures.percent(score.mean()),
                        Figures.percent(score.low()) + " to " + Figures.percent(score.high()),
                        Figures.count(score.scored()),
                        Figures.count(score.errors()));
    }

    private static String line(String name, int width, String score, String interval, String rows, String errors) {
        return String.format(Locale.ROOT, "%-" + width + "s  %8s  %18s  %10s  %8s", name, score, interval, rows, errors)
                .stripTrailing();
    }
}
