package io.sparkvlm.job.options;

import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.OutputFormat;
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
            description = "The prepared table: a folder that is not there yet, or empty.")
    private String output;

    public OutputFolder folder(Configuration hadoop) throws JobRefusedException {
        return OutputFolder.unused(output, OutputFormat.PARQUET, hadoop);
    }
}
