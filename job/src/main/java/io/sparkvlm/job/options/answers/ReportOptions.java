package io.sparkvlm.job.options.answers;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which output a report is about, and where it goes. */
public final class ReportOptions {
    @Parameters(arity = "1", paramLabel = "OUTPUT", description = "A folder that generate wrote, or is writing.")
    private String output;

    @Option(
            names = "--html",
            defaultValue = "report.html",
            paramLabel = "FILE",
            description = "The page that is written (default: ${DEFAULT-VALUE}).")
    private Path page;

    @Mixin
    private AskedOptions asked;

    public String output() {
        return output;
    }

    /** The file that the page about an output goes to. */
    public Path page(OutputFolder about) throws JobRefusedException, IOException {
        return FileBeside.of("--html", page, about);
    }

    public AskedOptions asked() {
        return asked;
    }
}
