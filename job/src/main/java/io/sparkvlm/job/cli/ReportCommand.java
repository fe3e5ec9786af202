package io.sparkvlm.job.cli;

import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.answers.ReportOptions;
import io.sparkvlm.job.output.StartLog;
import io.sparkvlm.job.report.JobReport;
import io.sparkvlm.job.report.Measurements;
import io.sparkvlm.job.show.OutputTable;
import io.sparkvlm.job.show.RowFilter;
import io.sparkvlm.job.show.ShownRow;
import io.sparkvlm.job.show.question.ThumbnailIllustrator;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code report}: writes a page about a job: its speed, times, tokens, errors and settings. */
@Command(
        name = "report",
        description = "Writes a page about a job: how fast it was, times and tokens of its rows, errors with examples,"
                + " and its settings.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private static final int ANSWERS = 6;
    private static final int FAILURES_OF_A_CODE = 3;
    private static final RowFilter ALL = new RowFilter(Optional.empty(), Optional.empty(), Optional.empty());
    private static final RowFilter ANSWERED = new RowFilter(Optional.of("ok"), Optional.empty(), Optional.empty());

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReportOptions options;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        Configuration hadoop = spark.hadoop();
        ShownOutput output = ShownOutput.open(options.output(), options.asked(), hadoop);
        Path page = options.page(output.folder());
        try (OpenedSpark opened = OpenedSpark.of(spark::open);
                NamedJobs named = NamedJobs.of(opened.session().sparkContext(), "measuring answers")) {
            SparkSession session = opened.session();
            OutputTable table = new OutputTable(output.folder().rows(session));
            List<ShownRow> answers = table.first(ANSWERS, ANSWERED, RowId.place());
            List<ShownRow> failures = table.firstOfEachCode(FAILURES_OF_A_CODE, RowId.place());
            List<ShownRow> examples = new ArrayList<>(answers);
            examples.addAll(failures);
            JobReport report = new JobReport(
                    output.folder().name(),
                    output.unfinished(),
                    output.asked().reason(),
                    table.summary(ALL),
                    Measurements.of(table.rows()),
                    answers,
                    failures,
                    output.questions(
                            examples, new ThumbnailIllustrator(options.asked().mediaFolder(output.run())), session),
                    output.run(),
                    StartLog.read(output.folder().home(), hadoop).starts());
            ShownOutput.write(report.page(), page);
            spec.commandLine().getOut().println("report: " + page);
        }
        return ExitCode.DONE.code();
    }
}
