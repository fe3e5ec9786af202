package io.sparkvlm.job.cli;

import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.options.OpenedSpark;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.options.answers.ShowOptions;
import io.sparkvlm.job.show.HtmlReport;
import io.sparkvlm.job.show.OutputTable;
import io.sparkvlm.job.show.ReportContent;
import io.sparkvlm.job.show.RowFilter;
import io.sparkvlm.job.show.ShownRow;
import io.sparkvlm.job.show.TableSummary;
import io.sparkvlm.job.show.TextReport;
import io.sparkvlm.job.show.question.Illustrator;
import io.sparkvlm.job.show.question.ThumbnailIllustrator;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.TerminalWidth;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code show}: prints answers beside what was asked, or writes them as a page for a browser. */
@Command(
        name = "show",
        description = "Shows questions and answers of an output table: as text, or as a page for a browser.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ShowCommand implements Callable<Integer> {
    private static final int USUAL_WIDTH = 100;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ShowOptions options;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        int limit = options.limit();
        RowFilter filter = options.filter();
        Configuration hadoop = spark.hadoop();
        ShownOutput output = ShownOutput.open(options.output(), options.asked(), hadoop);
        Optional<Path> page = options.page(output.folder());
        try (OpenedSpark opened = OpenedSpark.of(spark::open);
                NamedJobs named = NamedJobs.of(opened.session().sparkContext(), "showing answers")) {
            SparkSession session = opened.session();
            OutputTable table = new OutputTable(output.folder().rows(session));
            TableSummary summary = table.summary(filter);
            List<ShownRow> rows = table.first(limit, filter, RowId.place());
            Illustrator illustrator = page.isPresent()
                    ? new ThumbnailIllustrator(options.asked().mediaFolder(output.run()))
                    : Illustrator.none();
            ReportContent answers = new ReportContent(
                    output.folder().name(),
                    output.unfinished(),
                    output.asked().reason(),
                    summary,
                    filter,
                    rows,
                    output.questions(rows, illustrator, session));
            if (page.isPresent()) {
                ShownOutput.write(HtmlReport.page(answers), page.get());
                out().println("page: " + page.get() + " (" + answers.extent() + ")");
            } else {
                new TextReport(out(), TerminalWidth.of(System.getenv()).orElse(USUAL_WIDTH)).print(answers);
            }
        }
        return ExitCode.DONE.code();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
