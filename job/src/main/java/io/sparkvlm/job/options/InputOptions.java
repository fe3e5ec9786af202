package io.sparkvlm.job.options;

import io.sparkvlm.job.input.InputSelection;
import io.sparkvlm.job.input.files.FirstBytes;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is read. */
@HelpGroup.Of(HelpGroup.INPUT)
public final class InputOptions {
    @Option(
            names = {"--input", "-i", "--input-file"},
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "Requests: files, folders or patterns as 'part-*.parquet', as .jsonl (also .gz, .bz2, .zst) or"
                            + " .parquet; generate takes a table that prepare wrote too, and the folder of a table of Delta.")
    private List<String> inputs = List.of();

    @Option(
            names = "--input-format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description = "Which of the files are taken: jsonl (OpenAI Batch lines or bare bodies, told apart line by"
                    + " line), parquet, or auto: what their names say (default: ${DEFAULT-VALUE}).")
    private InputFormat inputFormat;

    @Option(names = "--limit", paramLabel = "N", description = "Take the first N rows only.")
    private Optional<Long> limitRows = Optional.empty();

    @Mixin
    private ColumnOptions columns;

    public InputSelection selection(Configuration hadoop) throws JobRefusedException {
        if (inputs.isEmpty()) {
            throw new JobRefusedException("expected --input, found none");
        }
        RequestFiles files = RequestFiles.find(inputs, inputFormat, hadoop);
        FirstBytes.check(files, hadoop);
        return new InputSelection(files, columns.roles(), limitRows());
    }

    boolean areNamed() {
        return !inputs.isEmpty();
    }

    /** The one input, where it is the folder of a table of Delta. */
    Optional<String> deltaFolder(Configuration hadoop) throws JobRefusedException {
        return inputs.size() == 1 ? RequestFiles.deltaFolder(inputs.get(0), hadoop) : Optional.empty();
    }

    ColumnRoles roles() throws JobRefusedException {
        return columns.roles();
    }

    Optional<Long> limitRows() throws JobRefusedException {
        if (limitRows.filter(rows -> rows < 1).isPresent()) {
            throw new JobRefusedException("expected --limit of at least 1, found " + limitRows.get());
        }
        return limitRows;
    }
}
