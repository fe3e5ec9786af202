package io.sparkvlm.job.cli;

import io.sparkvlm.job.evaluate.Score;
import io.sparkvlm.job.evaluate.ScoreReport;
import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.export.ExportFile;
import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.answers.EvaluateOptions;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code evaluate}: scores the answers of an output table against the gold answers beside them. */
@Command(
        name = "evaluate",
        description = "Scores the answers of an output table against gold answers in one of its columns.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private EvaluateOptions options;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        ScoredOutput output = ScoredOutput.open(options.output(), spark);
        List<ExportFile> exports = options.exports(output.folder());
        for (ExportFile export : exports) {
            export.requireWritable();
        }
        try (OpenedSpark opened = OpenedSpark.of(spark::open);
                NamedJobs named = NamedJobs.of(opened.session().sparkContext(), "scoring answers")) {
            SparkSession session = opened.session();
            ScoredTable table = output.scored(options.scoring(), session);
            Score total = table.total();
            Map<String, SortedMap<String, Score>> groups = new LinkedHashMap<>();
            for (String column : options.by()) {
                groups.put(column, table.by(column));
            }
            PrintWriter out = spec.commandLine().getOut();
            ScoreReport report =
                    new ScoreReport(output.name(), options.scoring().scoring(), total, groups);
            boolean json = options.scoring().json();
            if (!json) {
                out.println(report.text());
            }
            List<String> written = new ArrayList<>();
            for (ExportFile export : exports) {
                written.add(export.write(table, total.rows(), RowId.place()));
            }
            if (json) {
                out.println(report.json(written));
            } else {
                written.forEach(out::println);
            }
        }
        return ExitCode.DONE.code();
    }
}
