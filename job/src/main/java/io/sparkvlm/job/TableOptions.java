package io.sparkvlm.job;

import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what is read and what is written. */
final class TableOptions {
    @Option(
            names = "--input",
            required = true,
            paramLabel = "PATH",
            description = "Requests: a file or a folder of files, as .jsonl, .jsonl.gz or .parquet.")
    private String input;

    @Option(
            names = "--input-format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description = "jsonl (OpenAI Batch lines or bare bodies, told apart line by line), parquet, or auto: by the"
                    + " names of the files (default: ${DEFAULT-VALUE}).")
    private InputFormat inputFormat;

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

    @Option(names = "--limit", paramLabel = "N", description = "Take the first N rows only.")
    private Optional<Long> limitRows = Optional.empty();

    @Option(
            names = "--max-error-fraction",
            defaultValue = "1",
            paramLabel = "FRACTION",
            description = "Exit with code 3 when a larger share of the rows are errors (default: ${DEFAULT-VALUE}).")
    private double maxErrorFraction;

    RequestFiles input(Configuration hadoop) throws JobRefusedException {
        return RequestFiles.find(input, inputFormat, hadoop);
    }

    OutputFolder output(Configuration hadoop) throws JobRefusedException {
        return OutputFolder.unused(output, outputFormat, hadoop);
    }

    Optional<Long> limitRows() throws JobRefusedException {
        if (limitRows.filter(rows -> rows < 1).isPresent()) {
            throw new JobRefusedException("expected --limit of at least 1, found " + limitRows.get());
        }
        return limitRows;
    }

    double maxErrorFraction() throws JobRefusedException {
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
