package io.sparkvlm.job.dryrun;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.dryrun.FailingRows.Example;
import io.sparkvlm.job.dryrun.Findings.Media;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.VisibleText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Writes what a job would do.
 *
 * @param copied whether the job answers equal rows once
 * @param calibration empty where no rows were answered
 * @param memory the plan of it, in lines
 * @param pricePerHour of all machines together
 */
public record DryRunReport(
        Findings findings,
        EqualRows equal,
        boolean copied,
        Optional<Calibration> calibration,
        List<String> memory,
        OptionalDouble pricePerHour) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MESSAGE_CHARACTERS = 200;
    private static final double MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

    public DryRunReport withMemory(List<String> lines) {
        return new DryRunReport(findings, equal, copied, calibration, lines, pricePerHour);
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("dry run: nothing is written");
        lines.add(Figures.count(findings.rows(), "row") + ": " + Figures.count(findings.answerable())
                + " with nothing against "
                + (findings.answerable() == 1 ? "it" : "them") + ", " + Figures.count(findings.failingRows())
                + " that will fail");
        for (FailingRows failing : findings.failing()) {
            lines.add("  " + Figures.count(failing.rows()) + " " + failing.code());
            for (Example example : failing.examples()) {
                lines.add("      " + VisibleText.line(example.customId()) + " (" + VisibleText.line(example.rowId())
                        + "): " + VisibleText.line(VisibleText.cut(example.message(), MESSAGE_CHARACTERS)));
            }
        }
        lines.add("prompts: " + Figures.count(findings.promptTokens(), "token") + ", "
                + Figures.count(findings.visionTokens()) + " of them vision; at most "
                + Figures.count(findings.mostRowTokens()) + " in a row with its longest answer");
        lines.add("media: " + text(findings.images(), "image") + ", " + text(findings.videos(), "video"));
        lines.add("equal requests: " + Figures.count(equal.all(), "row") + " of those that ask what an earlier one asks"
                + (copied ? ", whose answer is copied" : equal.all() == 0 ? "" : "; --dedupe would copy its answer"));
        memory.forEach(line -> lines.add("memory: " + line));
        calibration.ifPresent(measured ->
                lines.add("start: about " + inWords(measured.start()) + " until engines answer, as it took here"));
        lines.add(time());
        return lines;
    }

    private static String text(Media media, String thing) {
        return Figures.count(media.count(), thing)
                + (media.count() == 0 ? "" : String.format(Locale.ROOT, " of %,.1f MB", media.bytes() / 1e6));
    }

    private String time() {
        if (calibration.isEmpty()) {
            return "time: not estimated; --calibrate N answers N rows for it";
        }
        Calibration measured = calibration.get();
        return "time: about " + inWords(measured.ofJob(answered())) + " with the start, as "
                + Figures.count(measured.rows(), "row") + " took " + inWords(measured.time()) + " after it; about "
                + Figures.count(measured.answerTokensOf(answered()), "token") + " of answers"
                + cost().stream()
                        .mapToObj(cost -> String.format(Locale.ROOT, "; cost: about %,.2f", cost))
                        .reduce("", String::concat);
    }

    private static String inWords(Duration time) {
        return Figures.time((double) time.toMillis());
    }

    /** Rows that the engine answers. */
    private long answered() {
        return copied ? findings.answerable() - equal.answerable() : findings.answerable();
    }

    private OptionalDouble cost() {
        return calibration.isEmpty() || pricePerHour.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(pricePerHour.getAsDouble()
                        * calibration.get().ofJob(answered()).toMillis()
                        / MILLIS_PER_HOUR);
    }

    public String json() {
        ObjectNode json = JSON.createObjectNode()
                .put("rows", findings.rows())
                .put("answerable_rows", findings.answerable())
                .put("failing_rows", findings.failingRows());
        ObjectNode errors = json.putObject("errors");
        for (FailingRows failing : findings.failing()) {
            ObjectNode code = errors.putObject(failing.code()).put("rows", failing.rows());
            failing.examples().forEach(example -> code.withArray("/examples")
                    .addObject()
                    .put("row_id", example.rowId())
                    .put("custom_id", example.customId())
                    .put("message", example.message()));
        }
        json.put("prompt_tokens", findings.promptTokens())
                .put("vision_tokens", findings.visionTokens())
                .put("most_row_tokens", findings.mostRowTokens())
                .put("images", findings.images().count())
                .put("image_bytes", findings.images().bytes())
                .put("videos", findings.videos().count())
                .put("video_bytes", findings.videos().bytes())
                .put("equal_rows", equal.all());
        memory.forEach(json.withArray("/memory")::add);
        calibration.ifPresent(measured -> {
            ObjectNode estimate = json.putObject("estimate")
                    .put("calibration_rows", measured.rows())
                    .put("calibration_seconds", measured.time().toMillis() / 1e3)
                    .put("start_seconds", measured.start().toMillis() / 1e3)
                    .put("seconds", measured.ofJob(answered()).toMillis() / 1e3)
                    .put("answer_tokens", measured.answerTokensOf(answered()));
            cost().ifPresent(cost -> estimate.put("cost", cost));
        });
        return json.toString();
    }
}
