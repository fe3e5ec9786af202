package io.sparkvlm.job.run;

import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.TerminalWidth;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.SparkContext;

/** Shows the progress of a job until closed: in place on a terminal, else as a line every ten seconds. */
final class ProgressDisplay implements AutoCloseable {
    /** Set by the launcher, which can tell where standard error goes; Java cannot. */
    private static final String TERMINAL_VARIABLE = "SPARKVLM_TERMINAL";

    /** Fewer may all be wrong by chance. */
    private static final long ROWS_BEFORE_A_NOTICE = 100;

    private static final long NOTICE_MILLIS = 1000;

    private final SparkContext context;
    private final ProgressListener progress = new ProgressListener();
    private final Timer timer = new Timer("progress", true);
    private final Work work;
    private final Notes notes;
    private final PrintWriter out;
    private final Style style;
    /** Of the stage that runs: how fast another was says nothing about it. Written by the timer's thread alone. */
    private long stageStart = System.nanoTime();

    private long lastShown = stageStart;
    private boolean preparing;
    private boolean saidThatAllAreErrors;

    private ProgressDisplay(SparkContext context, Work work, Notes notes, Style style) {
        this.context = context;
        this.work = work;
        this.notes = notes;
        this.out = notes.out();
        this.style = style;
    }

    /**
     * What a job has to do.
     *
     * @param copies rows among them that are expected to get others' answers, which takes no engine
     */
    record Work(long rows, long copies) {
        /** Rows that the engine has to answer yet; empty while the others are copied, which is not done at its pace. */
        private OptionalLong unanswered(ProgressListener.Tally tally) {
            long others = Math.max(0, rows - copies - tally.rows());
            long missing = Math.max(0, rows - tally.done());
            if (others > 0 || missing == 0) {
                return OptionalLong.of(Math.min(others, missing));
            }
            // Beyond the others come those whose originals have no answer to copy.
            return tally.rows() > rows - copies ? OptionalLong.of(missing) : OptionalLong.empty();
        }
    }

    /** Where the display goes. */
    private enum Style {
        TERMINAL(Duration.ofSeconds(1), "\r\u001b[K", ""),
        LOG(Duration.ofSeconds(10), "", System.lineSeparator());

        private final Duration period;
        private final String before;
        private final String after;

        Style(Duration period, String before, String after) {
            this.period = period;
            this.before = before;
            this.after = after;
        }
    }

    static ProgressDisplay start(SparkContext context, Work work, Notes notes) {
        Style style = "true".equals(System.getenv(TERMINAL_VARIABLE)) ? Style.TERMINAL : Style.LOG;
        ProgressDisplay display = new ProgressDisplay(context, work, notes, style);
        context.addSparkListener(display.progress);
        long millis = style.period.toMillis();
        display.timer.scheduleAtFixedRate(display.task(display::show), millis, millis);
        display.timer.scheduleAtFixedRate(display.task(display::sayWhatIsNew), NOTICE_MILLIS, NOTICE_MILLIS);
        return display;
    }

    @Override
    public void close() {
        timer.cancel();
        context.removeSparkListener(progress);
        out.print(style.before);
        out.flush();
    }

    private TimerTask task(Runnable work) {
        return new TimerTask() {
            @Override
            public void run() {
                work.run();
            }
        };
    }

    private void sayWhatIsNew() {
        ProgressListener.Tally tally = progress.tally();
        if (tally.done() > 0 || tally.isPreparing()) {
            notes.tell(style.before);
        }
        if (!saidThatAllAreErrors) {
            notice(tally, work.rows()).ifPresent(line -> {
                saidThatAllAreErrors = true;
                out.print(style.before + line + System.lineSeparator());
                out.flush();
            });
        }
    }

    /** What is said as soon as enough rows have come out, all of them with the same error, and others are to come. */
    static Optional<String> notice(ProgressListener.Tally tally, long total) {
        boolean early = tally.done() >= ROWS_BEFORE_A_NOTICE && tally.done() < total;
        if (!early || tally.errorRows() < tally.done() || tally.errors().size() > 1) {
            return Optional.empty();
        }
        return Optional.of("sparkvlm: all of the first " + Figures.count(tally.done()) + " rows are errors: "
                + tally.errors().keySet().iterator().next() + "; the job goes on");
    }

    private void show() {
        ProgressListener.Tally tally = progress.tally();
        if (preparing && !tally.isPreparing()) {
            stageStart = lastShown;
        }
        preparing = tally.isPreparing();
        lastShown = System.nanoTime();
        String line = line(tally, work, Duration.ofNanos(lastShown - stageStart));
        out.print(style.before
                + (style == Style.TERMINAL ? cut(line, TerminalWidth.of(System.getenv())) : line)
                + style.after);
        out.flush();
    }

    /** Cuts a line to the terminal's width: one that wraps cannot be overwritten. */
    static String cut(String line, OptionalInt width) {
        return width.isPresent() && line.length() >= width.getAsInt() ? line.substring(0, width.getAsInt() - 1) : line;
    }

    /**
     * What is shown.
     *
     * @param elapsed since the stage began that runs
     */
    static String line(ProgressListener.Tally tally, Work work, Duration elapsed) {
        long total = work.rows();
        double seconds = elapsed.toNanos() / 1e9;
        if (tally.isPreparing()) {
            long prepared = Math.min(tally.exchanged(), total); // a task that was run again counts twice
            return String.format(
                    Locale.ROOT,
                    "prepared %,d of %s (%d %%), %.2f rows/s%s",
                    prepared,
                    Figures.count(total, "row"),
                    100 * prepared / total,
                    prepared / seconds,
                    left(prepared, OptionalLong.of(total - prepared), seconds));
        }
        return String.format(
                Locale.ROOT,
                "%,d of %s (%d %%), %s%s, %.2f rows/s, %.1f tokens/s%s",
                tally.done(),
                Figures.count(total, "row"),
                total == 0 ? 100 : 100 * tally.done() / total,
                tally.copied() == 0 ? "" : String.format(Locale.ROOT, "%,d of them copied, ", tally.copied()),
                Figures.count(tally.errorRows(), "error"),
                tally.rows() / seconds,
                tally.completionTokens() / seconds,
                left(tally.rows(), work.unanswered(tally), seconds));
    }

    /** How long the stage that runs will take yet, once it has shown its pace. */
    private static String left(long done, OptionalLong rows, double seconds) {
        return done == 0 || rows.isEmpty()
                ? ""
                : ", " + duration(Math.round(seconds / done * rows.getAsLong())) + " left";
    }

    private static String duration(long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : seconds + " s";
    }
}
