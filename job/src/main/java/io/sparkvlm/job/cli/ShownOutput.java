package io.sparkvlm.job.cli;

import io.sparkvlm.job.options.answers.AskedOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.show.ShownRow;
import io.sparkvlm.job.show.question.Illustrator;
import io.sparkvlm.job.show.question.QuestionSource;
import io.sparkvlm.job.show.question.QuestionsByRow;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Opens what people look at: an output, the record of its run, and its requests.
 *
 * @param unfinished why the output may not hold all rows; empty where it does
 * @param run empty where there is no record
 */
record ShownOutput(OutputFolder folder, String unfinished, Optional<RunRecord> run, QuestionSource asked) {
    private static final String UNFINISHED =
            "The table is not finished: the job that writes it still runs, or was broken"
                    + " off and goes on when it is started again.";

    static ShownOutput open(String place, AskedOptions options, Configuration hadoop)
            throws JobRefusedException, IOException {
        OutputFolder folder = OutputFolder.written(place, hadoop);
        Optional<RunRecord> run = RunRecord.read(folder.path(), hadoop);
        return new ShownOutput(
                folder,
                folder.isFinished(hadoop) ? "" : UNFINISHED,
                run,
                QuestionSource.find(options.input(), options.inputFormat(), run, hadoop));
    }

    /** What rows asked. */
    QuestionsByRow questions(List<ShownRow> rows, Illustrator illustrator, SparkSession spark)
            throws JobRefusedException {
        Map<String, String> customIds = new HashMap<>();
        rows.forEach(row -> customIds.put(row.rowId(), row.customId()));
        return asked.of(customIds, illustrator, spark);
    }

    static void write(String html, Path page) throws JobRefusedException {
        try {
            Files.writeString(page, html);
        } catch (IOException e) {
            throw new JobRefusedException("the page " + page + " cannot be written: " + RootCause.of(e), e);
        }
    }
}
