package io.sparkvlm.job.options.answers;

import io.sparkvlm.job.evaluate.GoldTable;
import io.sparkvlm.job.evaluate.Scoring;
import io.sparkvlm.job.metric.MetricName;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how the answers of a table are scored. */
public final class ScoringOptions {
    @Option(
            names = "--gold",
            required = true,
            paramLabel = "COLUMN",
            description = "The column of the output that holds the right answer, or an array of right answers.")
    private String gold;

    @Option(
            names = "--metric",
            defaultValue = "exact",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private MetricName metric;

    @Option(
            names = "--score",
            paramLabel = "SQL",
            description = "An expression of SQL over the columns of the table, as \"levenshtein(text, expected) < 3\","
                    + " that scores in the place of --metric: from 0 to 1, or true and false.")
    private Optional<String> expression = Optional.empty();

    @Option(
            names = "--choices",
            paramLabel = "COLUMN",
            description = "The column with the array of choices that a question offers, for the metric choice.")
    private Optional<String> choices = Optional.empty();

    @Option(
            names = "--cluster",
            paramLabel = "COLUMN",
            description =
                    "The column whose equal values mark rows that belong together, as questions about one picture:"
                            + " the interval is then wide enough for them.")
    private Optional<String> cluster = Optional.empty();

    @Option(
            names = "--gold-table",
            paramLabel = "PATH",
            description = "JSON lines, CSV or Parquet with the gold answers, where the output has none.")
    private Optional<String> goldTable = Optional.empty();

    @Option(
            names = "--on",
            defaultValue = "custom_id",
            paramLabel = "COLUMN",
            description = "The column that tells which rows of two tables belong together (default: ${DEFAULT-VALUE}).")
    private String on;

    @Option(
            names = "--json",
            defaultValue = "false",
            description = "Print the scores as one JSON object (default: ${DEFAULT-VALUE}).")
    private boolean json;

    public boolean json() {
        return json;
    }

    public Scoring scoring() {
        return new Scoring(metric, expression, gold, choices, cluster);
    }

    public Optional<GoldTable> goldTable() {
        return goldTable.map(path -> new GoldTable(path, on));
    }

    public String on() {
        return on;
    }
}
