package io.sparkvlm.job.show;

import io.sparkvlm.job.show.RowResult.Answer;
import io.sparkvlm.job.show.RowResult.Failure;
import io.sparkvlm.job.show.question.RowQuestion;
import io.sparkvlm.job.show.question.RowQuestion.Known;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.TerminalText;
import io.sparkvlm.job.text.VisibleText;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalDouble;

/** Prints rows for a terminal: a block for each, no wider than the terminal. */
public final class TextReport {
    private static final String INDENT = "  ";
    private static final int LABEL_CELLS = 10;
    private static final int MIN_CELLS = 40;

    private final PrintWriter out;
    private final int cells;

    /**
     * A report for one terminal.
     *
     * @param cells the terminal's width
     */
    public TextReport(PrintWriter out, int cells) {
        this.out = out;
        this.cells = Math.max(MIN_CELLS, cells);
    }

    public void print(ReportContent answers) {
        if (!answers.note().isEmpty()) {
            paragraph("", VisibleText.of(answers.note()));
            out.println();
        }
        for (ShownRow row : answers.rows()) {
            print(row, answers.questions().of(row.rowId()), answers.note().isEmpty());
            out.println();
        }
        if (!answers.unfinished().isEmpty()) {
            paragraph("", answers.unfinished());
        }
        paragraph("", answers.summary().text());
        paragraph(
                "",
                "shown: " + answers.extent()
                        + (answers.isCut() ? "; --limit N shows more, --html FILE makes a page of them" : ""));
        out.flush();
    }

    private void print(ShownRow row, RowQuestion asked, boolean askedIsKnown) {
        paragraph("", VisibleText.line(row.customId()) + status(row));
        asked.fold(this::question, unknown -> askedIsKnown ? field("question", "(" + unknown.why() + ")") : this);
        List<ShownMedium> media = ShownMedium.of(row, asked);
        for (int i = 0; i < media.size(); i++) {
            ShownMedium medium = media.get(i);
            field(
                    i == 0 ? "media" : "",
                    VisibleText.line(medium.name()) + (medium.size().isEmpty() ? "" : " (" + medium.size() + ")"));
        }
        row.result().fold(this::answer, this::failure);
        String time = time(row);
        String tokens = row.result().fold(answer -> answer.tokens() + " tokens", failure -> "");
        field("cost", tokens + (tokens.isEmpty() || time.isEmpty() ? "" : ", ") + time);
        for (String warning : row.warnings()) {
            field("warning", warning);
        }
    }

    private static String status(ShownRow row) {
        String id = row.customId().equals(row.rowId()) ? "" : "  " + VisibleText.line(row.rowId());
        return id
                + row.result()
                        .fold(
                                answer -> answer.ending().isEmpty() ? "" : "  " + answer.ending(),
                                failure -> "  ERROR " + failure.status());
    }

    private TextReport question(Known question) {
        int earlier = question.earlier().size();
        String hint = earlier == 0 ? "" : " (after " + Figures.count(earlier, "earlier turn") + ")";
        return field("question", question.text() + hint);
    }

    private TextReport answer(Answer answer) {
        return field("answer", answer.text().isBlank() ? "(blank)" : answer.text());
    }

    private TextReport failure(Failure failure) {
        String param = failure.param().map(path -> " at " + path).orElse("");
        return field("error", failure.code() + param + ": " + failure.message());
    }

    private static String time(ShownRow row) {
        if (row.totalMs().isEmpty()) {
            return "";
        }
        OptionalDouble first = row.firstTokenMs();
        return Figures.time(row.totalMs().getAsDouble())
                + (first.isEmpty() ? "" : " (first token after " + Figures.time(first.getAsDouble()) + ")");
    }

    private TextReport field(String label, String text) {
        if (!text.isEmpty()) {
            paragraph(INDENT + label + " ".repeat(LABEL_CELLS - label.length()), VisibleText.of(text));
        }
        return this;
    }

    /** The text behind its label, and its further lines below its first. */
    private void paragraph(String label, String text) {
        String start = label;
        for (String line : TerminalText.wrap(text, cells - label.length())) {
            out.println((start + line).stripTrailing());
            start = " ".repeat(label.length());
        }
    }
}
