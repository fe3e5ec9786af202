package io.sparkvlm.job.options;

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
            names = "--max-error-fraction",
            paramLabel = "FRACTION",
            description = "Exit with code 3 when a larger share of the rows are errors (default: when all are).")
    private Optional<Double> maxErrorFraction = Optional.empty();

    public OutputFolder folder(Configuration hadoop) throws JobRefusedException {
        return OutputFolder.of(output, format(), hadoop);
    }

    public OutputStart.Existing existing() throws JobRefusedException {
        if (overwrite && retryFailed) {
            throw new JobRefusedException("expected --overwrite or --retry-failed, found both");
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
