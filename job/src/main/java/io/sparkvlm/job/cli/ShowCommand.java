package io.sparkvlm.job.cli;

import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.options.ShowOptions;
import io.sparkvlm.job.options.SparkOptions;
import io.sparkvlm.job.output.OutputFolder;
import io.sparkvlm.job.output.RunRecord;
import io.sparkvlm.job.show.HtmlReport;
import io.sparkvlm.job.show.OutputTable;
import io.sparkvlm.job.show.ReportContent;
import io.sparkvlm.job.show.RowFilter;
import io.sparkvlm.job.show.ShownRow;
import io.sparkvlm.job.show.TableSummary;
import io.sparkvlm.job.show.TextReport;
import io.sparkvlm.job.show.question.Illustrator;
import io.sparkvlm.job.show.question.QuestionSource;
import io.sparkvlm.job.show.question.ThumbnailIllustrator;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import io.sparkvlm.job.text.TerminalWidth;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;
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

    private static final String UNFINISHED =
            "The table is not finished: the job that writes it still runs, or was broken"
                    + " off and goes on when it is started again.";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ShowOptions options;

    @Mixin
    private SparkOptions spark;

    @Override
    public Integer call() throws JobRefusedException, IOException {
        Optional<Path> page = options.page();
        int limit = options.limit();
        RowFilter filter = options.filter();
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(spark.conf());
        OutputFolder output = OutputFolder.written(options.output(), hadoop);
        Optional<RunRecord> run = RunRecord.read(output.path(), hadoop);
        QuestionSource asked = QuestionSource.find(options.input(), options.inputFormat(), run, hadoop);
        try (SparkSession session = spark.open()) {
            OutputTable table = new OutputTable(output.rows(session));
            TableSummary summary = table.summary(filter);
            List<ShownRow> rows = table.first(limit, filter, RowId.place());
            Illustrator illustrator =
                    page.isPresent() ? new ThumbnailIllustrator(mediaFolder(run)) : Illustrator.none();
            ReportContent answers = new ReportContent(
                    output.name(),
                    output.isFinished(hadoop) ? "" : UNFINISHED,
                    asked.reason(),
                    summary,
                    filter,
                    rows,
                    asked.of(customIds(rows), illustrator, session));
            if (page.isPresent()) {
                write(answers, page.get());
            } else {
                new TextReport(out(), TerminalWidth.of(System.getenv()).orElse(USUAL_WIDTH)).print(answers);
            }
        }
        return ExitCode.DONE.code();
    }

    private static Map<String, String> customIds(List<ShownRow> rows) {
        Map<String, String> customIds = new HashMap<>();
        rows.forEach(row -> customIds.put(row.rowId(), row.customId()));
        return customIds;
    }

    private void write(ReportContent answers, Path page) throws JobRefusedException, IOException {
        String html = HtmlReport.page(answers);
        try {
            Files.writeString(page, html);
        } catch (IOException e) {
            throw new JobRefusedException("the page " + page + " cannot be written: " + RootCause.of(e), e);
        }
        out().println("page: " + page + " (" + answers.extent() + ")");
    }

    private String mediaFolder(Optional<RunRecord> run) {
        return options.allowedLocalMediaPath()
                .map(folder -> new File(folder).getAbsolutePath())
                .or(() -> run.map(RunRecord::allowedLocalMediaPath))
                .orElse("");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
