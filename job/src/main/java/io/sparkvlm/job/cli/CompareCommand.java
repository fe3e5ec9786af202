package io.sparkvlm.job.cli;

import io.sparkvlm.job.evaluate.Comparison;
import io.sparkvlm.job.evaluate.ComparisonReport;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.answers.CompareOptions;
import io.sparkvlm.job.options.answers.ScoringOptions;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code compare}: says whether the answers of one output table score better than those of another. */
@Command(
        name = "compare",
        description =
                "Scores two output tables with answers to the same questions, and says how sure the difference is.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CompareOptions options;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        ScoredOutput first = ScoredOutput.open(options.first(), spark);
        ScoredOutput second = ScoredOutput.open(options.second(), spark);
        ScoringOptions scoring = options.scoring();
        try (OpenedSpark opened = OpenedSpark.of(spark::open);
                NamedJobs named = NamedJobs.of(opened.session().sparkContext(), "comparing scores")) {
            SparkSession session = opened.session();
            Comparison comparison =
                    Comparison.of(first.scored(scoring, session), second.scored(scoring, session), scoring.on());
            ComparisonReport report = new ComparisonReport(first.name(), second.name(), scoring.scoring(), comparison);
            spec.commandLine().getOut().println(scoring.json() ? report.json() : report.text());
        }
        return ExitCode.DONE.code();
    }
}
