package io.sparkvlm.job.options.answers;

import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.output.RunRecord;
import java.io.File;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where the requests of an output are now. */
public final class AskedOptions {
    @Option(
            names = "--input",
            paramLabel = "PATH",
            description = "Where the requests are now (default: where generate read them).")
    private Optional<String> input = Optional.empty();

    @Option(
            names = "--input-format",
            defaultValue = "auto",
            paramLabel = "FORMAT",
            description = "Of --input: jsonl, parquet, or auto: by the names of the files (default: ${DEFAULT-VALUE}).")
    private InputFormat inputFormat;

    @Option(
            names = "--allowed-local-media-path",
            paramLabel = "FOLDER",
            description = "Where the files are that requests name (default: where generate found them).")
    private Optional<String> allowedLocalMediaPath = Optional.empty();

    public Optional<String> input() {
        return input;
    }

    public InputFormat inputFormat() {
        return inputFormat;
    }

    /** The folder that requests may name files in; empty where there is none. */
    public String mediaFolder(Optional<RunRecord> run) {
        return allowedLocalMediaPath
                .map(folder -> new File(folder).getAbsolutePath())
                .or(() -> run.map(RunRecord::allowedLocalMediaPath))
                .orElse("");
    }
}
