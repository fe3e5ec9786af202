package io.sparkvlm.job.options;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what generate writes, and from which share of error rows on it fails. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class OutputOptions {
    @Option(
            names = "--output",
            required = true,
            paramLabel = "FOLDER",
            description = "Completions: a folder that is not there yet, or empty.")
    private String output;

    @Option(
            names = "--output-format",
            defaultValue = "parquet",
            converter = OutputFormatConverter.class,
            paramLabel = "FORMAT",
            description = "parquet, or openai-batch: output.jsonl and errors.jsonl as OpenAI's Batch API writes them"
                    + " (default: ${DEFAULT-VALUE}).")
    private OutputFormat outputFormat;

    @Option(
            names = "--max-error-fraction",
            defaultValue = "1",
            paramLabel = "FRACTION",
            description = "Exit with code 3 when a larger share of the rows are errors (default: ${DEFAULT-VALUE}).")
    private double maxErrorFraction;

    public OutputFolder folder(Configuration hadoop) throws JobRefusedException {
        return OutputFolder.unused(output, outputFormat, hadoop);
    }

    public double maxErrorFraction() throws JobRefusedException {
        if (!(maxErrorFraction >= 0 && maxErrorFraction <= 1)) {
            throw new JobRefusedException("expected --max-error-fraction from 0 to 1, found " + maxErrorFraction);
        }
        return maxErrorFraction;
    }

    private static final class OutputFormatConverter implements ITypeConverter<OutputFormat> {
        @Override
        public OutputFormat convert(String value) {
            return Arrays.stream(OutputFormat.values())
                    .filter(format -> format.optionValue().equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected output-format parquet or openai-batch, found \"" + value + "\""));
        }
    }
}
