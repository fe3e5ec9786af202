package io.sparkvlm.job.options.answers;

import io.sparkvlm.job.export.ExportFile;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which table is scored, by which groups, and where the scored rows go. */
public final class EvaluateOptions {
    @Parameters(arity = "1", paramLabel = "OUTPUT", description = "A folder that generate wrote.")
    private String output;

    @Mixin
    private ScoringOptions scoring;

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns by whose values the scores are listed, too.")
    private List<String> by = List.of();

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description =
                    "Write all rows with their scores as another tool has them: samples of lmms-eval where the name"
                            + " ends in .jsonl, a table of VLMEvalKit where it ends in .tsv or .xlsx. It may be given several times.")
    private List<Path> exports = List.of();

    public String output() {
        return output;
    }

    public ScoringOptions scoring() {
        return scoring;
    }

    public List<String> by() {
        return by;
    }

    /** The files that the rows of an output go to. */
    public List<ExportFile> exports(OutputFolder of) throws JobRefusedException, IOException {
        List<ExportFile> files = new ArrayList<>();
        for (Path named : exports) {
            files.add(ExportFile.of(FileBeside.of("--export", named, of)));
        }
        return files;
    }
}
