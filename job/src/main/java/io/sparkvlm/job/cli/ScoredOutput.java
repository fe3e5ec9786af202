package io.sparkvlm.job.cli;

import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.options.ScoringOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens tables of answers to be scored. */
final class ScoredOutput {
    private ScoredOutput() {}

    /** @throws JobRefusedException where there is no table, or not the whole one */
    static OutputFolder finished(String place, Configuration hadoop) throws JobRefusedException, IOException {
        OutputFolder output = OutputFolder.written(place, hadoop);
        if (!output.isFinished(hadoop)) {
            throw new JobRefusedException(
                    "the table " + output.name() + " is not finished: the job that writes it still"
                            + " runs, or was broken off; start it again, then score the whole");
        }
        return output;
    }

    static ScoredTable scored(OutputFolder output, ScoringOptions options, SparkSession session)
            throws JobRefusedException {
        Dataset<Row> rows = output.rows(session);
        if (options.goldTable().isPresent()) {
            rows = options.goldTable().get().beside(rows, session);
        }
        return ScoredTable.of(rows, options.scoring());
    }
}
