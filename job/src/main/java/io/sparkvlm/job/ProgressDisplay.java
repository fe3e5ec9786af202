package io.sparkvlm.job;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Timer;
import java.util.TimerTask;
import org.apache.spark.SparkContext;

/**
 * Shows how far the job is until closed: in place on a terminal, else as a line now and then.
 */
final class ProgressDisplay implements AutoCloseable {
    /** Set by the launcher, which can tell where standard error goes; Java cannot. */
    private static final String TERMINAL_VARIABLE = "SPARKVLM_TERMINAL";

    private final SparkContext context;
    private final Progress progress = new Progress();
    private final Timer timer = new Timer("progress", true);
    private final long start = System.nanoTime();
    private final long total;
    private final PrintWriter out;
    private final Style style;

    private ProgressDisplay(SparkContext context, long total, PrintWriter out, Style style) {
        this.context = context;
        this.total = total;
        this.out = out;
        this.style = style;
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

    static ProgressDisplay start(SparkContext context, long total, PrintWriter out) {
        Style style = "true".equals(System.getenv(TERMINAL_VARIABLE)) ? Style.TERMINAL : Style.LOG;
        ProgressDisplay display = new ProgressDisplay(context, total, out, style);
        context.addSparkListener(display.progress);
        long millis = style.period.toMillis();
        display.timer.scheduleAtFixedRate(display.showing(), millis, millis);
        return display;
    }

    @Override
    public void close() {
        timer.cancel();
        context.removeSparkListener(progress);
        out.print(style.before);
        out.flush();
    }

    private TimerTask showing() {
        return new TimerTask() {
            @Override
            public void run() {
                show();
            }
        };
    }

    private void show() {
        String line = line(progress.tally(), total, Duration.ofNanos(System.nanoTime() - start));
        out.print(style.before
                + (style == Style.TERMINAL ? cut(line, TerminalWidth.of(System.getenv())) : line)
                + style.after);
        out.flush();
    }

    /** A line that goes on in the next one cannot be overwritten. */
    static String cut(String line, OptionalInt width) {
        return width.isPresent() && line.length() >= width.getAsInt() ? line.substring(0, width.getAsInt() - 1) : line;
    }

    static String line(Progress.Tally tally, long total, Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        String left = tally.rows() == 0
                ? ""
                : ", " + duration(Math.round(seconds / tally.rows() * (total - tally.rows()))) + " left";
        return String.format(
                Locale.ROOT,
                "%,d of %,d rows (%d %%), %,d errors, %.2f rows/s, %.1f tokens/s%s",
                tally.rows(),
                total,
                total == 0 ? 100 : 100 * tally.rows() / total,
                tally.errors(),
                tally.rows() / seconds,
                tally.completionTokens() / seconds,
                left);
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
