package io.sparkvlm.job.cli;

import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.answers.ScoringOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A finished table of answers that is to be scored. */
record ScoredOutput(OutputFolder folder) {
    /** @throws JobRefusedException where there is no table, or not the whole one */
    static ScoredOutput open(String place, SparkOptions spark) throws JobRefusedException, IOException {
        Configuration hadoop = spark.hadoop();
        OutputFolder output = OutputFolder.written(place, hadoop);
        if (!output.isFinished(hadoop)) {
            throw new JobRefusedException(
                    "the table " + output.name() + " is not finished: the job that writes it still"
                            + " runs, or was broken off; start it again, then score the whole");
        }
        return new ScoredOutput(output);
    }

    ScoredTable scored(ScoringOptions options, SparkSession session) throws JobRefusedException {
        Dataset<Row> rows = folder.rows(session);
        if (options.goldTable().isPresent()) {
            rows = options.goldTable().get().beside(rows, session);
        }
        return ScoredTable.of(rows, options.scoring());
    }

    String name() {
        return folder.name();
    }
}
