package io.sparkvlm.job.options;

import io.sparkvlm.job.lake.CommittedTable;
import io.sparkvlm.job.lake.TableLibrary;
import io.sparkvlm.job.lake.TableName;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that say what generate writes, and from which share of error rows on it fails. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class OutputOptions {
    /** Ends the name of a file of lines. */
    private static final String LINES = ".jsonl";

    @Option(
            names = {"--output", "-o", "--output-file"},
            required = true,
            paramLabel = "PATH",
            description =
                    "Completions: a folder that is not there yet, or empty, or that of the same command when it was"
                            + " broken off, which goes on; or a file NAME.jsonl, which gets a line of OpenAI's Batch API for each"
                            + " row, errors among them.")
    private String output;

    @Option(
            names = "--overwrite",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Delete what an earlier generate wrote to the output, and begin anew.")
    private boolean overwrite;

    @Option(
            names = "--retry-failed",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Answer again the rows of the output whose errors may pass, as server_error and files that"
                    + " could not be fetched.")
    private boolean retryFailed;

    @Option(
            names = "--output-format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description =
                    "parquet, or openai-batch: output.jsonl and errors.jsonl as OpenAI's Batch API writes them, or"
                            + " all in --output NAME.jsonl; auto: parquet, but for NAME.jsonl (default: ${DEFAULT-VALUE}).")
    private String outputFormat;

    @Option(
            names = "--output-table",
            paramLabel = "NAME",
            description =
                    "A table of Delta or Iceberg, as db.answers, that gets all rows of the output in one commit in"
                            + " the end.")
    private Optional<String> outputTable = Optional.empty();

    @Option(
            names = "--max-error-fraction",
            paramLabel = "FRACTION",
            description = "Exit with code 3 when a larger share of the rows are errors (default: when all are).")
    private Optional<Double> maxErrorFraction = Optional.empty();

    public OutputFolder folder(Configuration hadoop) throws JobRefusedException {
        OutputFolder folder = OutputFolder.of(output, format(), hadoop);
        if (outputTable.isEmpty()) {
            return folder;
        }
        if (format() != OutputFormat.PARQUET) {
            throw new JobRefusedException("expected --output-format parquet with --output-table, found openai-batch");
        }
        TableLibrary.requireFor(outputTable.get());
        return folder.committedTo(new CommittedTable(
                TableName.parse(outputTable.get(), "--output-table").sql()));
    }

    public OutputStart.Existing existing() throws JobRefusedException {
        if (overwrite && retryFailed) {
            throw new JobRefusedException("expected --overwrite or --retry-failed, found both");
        }
        if (outputTable.isPresent() && (overwrite || retryFailed)) {
            throw new JobRefusedException(
                    "expected --output-table without --overwrite and --retry-failed: rows that were"
                            + " committed to the table stay there");
        }
        return overwrite
                ? OutputStart.Existing.OVERWRITTEN
                : retryFailed ? OutputStart.Existing.RETRIED : OutputStart.Existing.KEPT;
    }

    private OutputFormat format() throws JobRefusedException {
        OutputFormat batch = output.endsWith(LINES) ? OutputFormat.BATCH_FILE : OutputFormat.OPENAI_BATCH;
        return switch (outputFormat.toLowerCase(Locale.ROOT)) {
            case "auto" -> batch == OutputFormat.BATCH_FILE ? batch : OutputFormat.PARQUET;
            case "parquet" -> OutputFormat.PARQUET;
            case "openai-batch" -> batch;
            default ->
                throw new JobRefusedException(
                        "expected --output-format parquet, openai-batch or auto, found \"" + outputFormat + "\"");
        };
    }

    /** The largest share of errors that a user has said to be right, if one has. */
    public Optional<Double> maxErrorFraction() throws JobRefusedException {
        if (maxErrorFraction.filter(share -> !(share >= 0 && share <= 1)).isPresent()) {
            throw new JobRefusedException("expected --max-error-fraction from 0 to 1, found " + maxErrorFraction.get());
        }
        return maxErrorFraction;
    }
}
