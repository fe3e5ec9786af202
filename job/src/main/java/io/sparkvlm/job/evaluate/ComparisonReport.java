package io.sparkvlm.job.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes for people how two tables differ.
 *
 * @param first where the first table lies
 * @param second where the second lies
 */
public record ComparisonReport(String first, String second, Scoring scoring, Comparison comparison) {
    private static final String DIFFERENCE = "difference";

    public String text() {
        String one = VisibleText.line(first);
        String other = VisibleText.line(second);
        int width = Math.max(DIFFERENCE.length(), Math.max(one.length(), other.length()));
        PairedBootstrap.Interval difference = comparison.difference();
        List<String> lines = new ArrayList<>();
        lines.add(scoring.name() + " against " + VisibleText.line(scoring.gold()) + ", "
                + Figures.count(comparison.pairs(), "row") + " that both have scored");
        lines.add("");
        lines.add(line("", width, "score", "95 % interval"));
        lines.add(line(one, width, Figures.percent(comparison.first()), ""));
        lines.add(line(other, width, Figures.percent(comparison.second()), ""));
        lines.add(line(
                DIFFERENCE,
                width,
                signed(difference.mean()),
                signed(difference.low()) + " to " + signed(difference.high())));
        lines.add("");
        lines.add("The interval is of " + Figures.count(difference.samples()) + " samples of pairs.");
        comparison.outcomes().ifPresent(outcomes -> lines.add(outcomes(outcomes)));
        if (comparison.withoutPartner() > 0) {
            lines.add(Figures.count(comparison.withoutPartner(), "scored row") + " of one table "
                    + (comparison.withoutPartner() == 1 ? "has" : "have") + " no partner in the other.");
        }
        return String.join(System.lineSeparator(), lines);
    }

    /** The same for programs: shares from 0 to 1. */
    public String json() {
        PairedBootstrap.Interval difference = comparison.difference();
        ObjectNode report = new ObjectMapper().createObjectNode();
        report.put("metric", scoring.name())
                .put("gold", scoring.gold())
                .put("pairs", comparison.pairs())
                .put("without_partner", comparison.withoutPartner());
        report.putObject("first").put("output", first).put("score", comparison.first());
        report.putObject("second").put("output", second).put("score", comparison.second());
        report.putObject("difference")
                .put("score", difference.mean())
                .put("low", difference.low())
                .put("high", difference.high());
        comparison.outcomes().ifPresent(outcomes -> report.putObject("outcomes")
                .put("both", outcomes.both())
                .put("only_first", outcomes.onlyFirst())
                .put("only_second", outcomes.onlySecond())
                .put("neither", outcomes.neither())
                .put("p", outcomes.p()));
        return report.toString();
    }

    private static String outcomes(Outcomes outcomes) {
        return "Right in both: " + Figures.count(outcomes.both()) + ", in the first only: "
                + Figures.count(outcomes.onlyFirst()) + ", in the second only: " + Figures.count(outcomes.onlySecond())
                + ", in neither: " + Figures.count(outcomes.neither())
                + String.format(Locale.ROOT, "; McNemar's exact test: p = %.2g.", outcomes.p());
    }

    private static String line(String name, int width, String score, String interval) {
        return String.format(Locale.ROOT, "%-" + width + "s  %8s  %20s", name, score, interval)
                .stripTrailing();
    }

    private static String signed(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    }
}
