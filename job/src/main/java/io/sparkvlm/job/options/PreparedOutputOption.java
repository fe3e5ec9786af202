package io.sparkvlm.job.options;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
import io.sparkvlm.job.output.OutputStart;
import io.sparkvlm.job.text.JobRefusedException;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The option that names the table that prepare writes. */
@HelpGroup.Of(HelpGroup.OUTPUT)
public final class PreparedOutputOption {
    @Option(
            names = "--output",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "The prepared table: a folder that is not there yet, or empty, or that of the same command when"
                            + " it was broken off, which goes on.")
    private String output;

    @Option(
            names = "--overwrite",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Delete what an earlier prepare wrote to the output, and begin anew.")
    private boolean overwrite;

    public OutputFolder folder(Configuration hadoop) throws JobRefusedException {
        return OutputFolder.of(output, OutputFormat.PARQUET, hadoop);
    }

    public OutputStart.Existing existing() {
        return overwrite ? OutputStart.Existing.OVERWRITTEN : OutputStart.Existing.KEPT;
    }
}
