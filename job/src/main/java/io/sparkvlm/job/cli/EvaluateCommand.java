package io.sparkvlm.job.cli;

import io.sparkvlm.job.evaluate.Score;
import io.sparkvlm.job.evaluate.ScoreReport;
import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.options.EvaluateOptions;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
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
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(spark.conf());
        OutputFolder output = ScoredOutput.finished(options.output(), hadoop);
        try (SparkSession session = spark.open()) {
            ScoredTable table = ScoredOutput.scored(output, options.scoring(), session);
            Score total = table.total();
            Map<String, SortedMap<String, Score>> groups = new LinkedHashMap<>();
            for (String column : options.by()) {
                groups.put(column, table.by(column));
            }
            spec.commandLine()
                    .getOut()
                    .println(new ScoreReport(output.name(), options.scoring().scoring(), total, groups).text());
        }
        return ExitCode.DONE.code();
    }
}
