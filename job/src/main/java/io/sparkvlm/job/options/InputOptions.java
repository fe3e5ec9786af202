package io.sparkvlm.job.options;

import io.sparkvlm.job.input.InputFormat;
import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.RequestFiles;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that say what is read. */
@HelpGroup.Of(HelpGroup.INPUT)
public final class InputOptions {
    @Option(
            names = "--input",
            required = true,
            paramLabel = "PATH",
            description = "Requests: a file or a folder of files, as .jsonl, .jsonl.gz or .parquet; generate takes a"
                    + " table that prepare wrote too.")
    private String input;

    @Option(
            names = "--input-format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description = "jsonl (OpenAI Batch lines or bare bodies, told apart line by line), parquet, or auto: by the"
                    + " names of the files (default: ${DEFAULT-VALUE}).")
    private InputFormat inputFormat;

    @Option(names = "--limit", paramLabel = "N", description = "Take the first N rows only.")
    private Optional<Long> limitRows = Optional.empty();

    public InputSelection selection(Configuration hadoop) throws JobRefusedException {
        return new InputSelection(RequestFiles.find(input, inputFormat, hadoop), limitRows());
    }

    private Optional<Long> limitRows() throws JobRefusedException {
        if (limitRows.filter(rows -> rows < 1).isPresent()) {
            throw new JobRefusedException("expected --limit of at least 1, found " + limitRows.get());
        }
        return limitRows;
    }
}
