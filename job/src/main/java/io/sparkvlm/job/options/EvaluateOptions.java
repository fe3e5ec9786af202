package io.sparkvlm.job.options;

import io.sparkvlm.job.evaluate.GoldTable;
import io.sparkvlm.job.evaluate.Scoring;
import io.sparkvlm.job.metric.MetricName;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say how answers are scored. */
public final class EvaluateOptions {
    @Parameters(arity = "1", paramLabel = "OUTPUT", description = "A folder that generate wrote.")
    private String output;

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
            names = "--choices",
            paramLabel = "COLUMN",
            description = "The column with the array of choices that a question offers, for the metric choice.")
    private Optional<String> choices = Optional.empty();

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns by whose values the scores are listed, too.")
    private List<String> by = List.of();

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
            description =
                    "The column that tells which row of --gold-table belongs to which (default: ${DEFAULT-VALUE}).")
    private String on;

    public String output() {
        return output;
    }

    public Scoring scoring() {
        return new Scoring(metric, gold, choices, cluster);
    }

    public Optional<GoldTable> goldTable() {
        return goldTable.map(path -> new GoldTable(path, on));
    }

    public List<String> by() {
        return by;
    }
}
