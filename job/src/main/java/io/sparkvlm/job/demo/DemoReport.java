package io.sparkvlm.job.demo;

import io.sparkvlm.job.demo.AnswerKey.Entry;
import io.sparkvlm.job.demo.DemoAnswer.Refusal;
import io.sparkvlm.job.demo.DemoScore.ScoredAnswer;
import io.sparkvlm.job.demo.DemoScore.ScoredFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.text.WordUtils;

/**
 * Writes what people read at the end of the demo, in ASCII, because a bare machine's terminal may know nothing else.
 *
 * @param width characters of a line; names and paths are not broken
 */
public record DemoReport(DemoScore score, int width) {
    /** So many names of one error are enough to find the rest. */
    private static final int MOST_NAMES = 3;

    public String text() {
        List<String> lines = new ArrayList<>();
        samples(lines);
        lines.add("");
        scores(lines);
        lines.add("");
        errors(lines);
        return String.join(System.lineSeparator(), lines);
    }

    private void samples(List<String> lines) {
        Set<String> seen = new HashSet<>();
        List<ScoredAnswer> chosen = score.answers().stream()
                .filter(answer -> seen.add(answer.asked().kind()) || !answer.right())
                .toList();
        long wrong = score.answers().stream().filter(answer -> !answer.right()).count();
        say(
                lines,
                "",
                "Questions and answers. Shown are the first of each kind in the order of requests.jsonl, and all that"
                        + " were answered wrong" + (wrong == 0 ? "; none was." : ": " + wrong + "."));
        for (ScoredAnswer answer : chosen) {
            lines.add("");
            sample(lines, answer);
        }
    }

    private void sample(List<String> lines, ScoredAnswer answer) {
        Entry asked = answer.asked();
        String turn =
                asked.question().turns() > 1 ? ", turn " + asked.question().turns() : "";
        String media = asked.question().media().isEmpty()
                ? ""
                : ": " + String.join("; ", asked.question().media());
        say(lines, "  ", asked.customId() + " (" + asked.kind() + turn + ")" + media);
        say(lines, "    ", "Q: " + asked.question().text());
        say(lines, "    ", "A: " + answer.found().text().orElse("none, see the errors"));
        if (!answer.right()) {
            say(lines, "    ", "WRONG, expected: " + asked.answer());
        }
    }

    private void scores(List<String> lines) {
        say(lines, "", "Score. An answer is right when it is the expected sentence to the letter.");
        lines.add("");
        lines.add(String.format(Locale.ROOT, "  %-10s %5s %5s", "kind", "right", "of"));
        score.byKind(entry -> true).forEach((kind, tally) -> lines.add(row(kind, tally)));
        RightAnswers total = score.total(entry -> true);
        lines.add(row("all", total) + String.format(Locale.ROOT, "  %.1f %%", 100 * total.fraction()));
    }

    private static String row(String kind, RightAnswers tally) {
        return String.format(Locale.ROOT, "  %-10s %5d %5d", kind, tally.right(), tally.asked());
    }

    private void errors(List<String> lines) {
        SortedMap<String, List<ErrorRow>> byCode = new TreeMap<>();
        for (ErrorRow row : errorRows()) {
            byCode.computeIfAbsent(row.refusal().code(), code -> new ArrayList<>())
                    .add(row);
        }
        long right = score.faults().stream().filter(ScoredFault::right).count();
        long others = score.answers().stream()
                .filter(answer -> answer.found().refusal().isPresent())
                .count();
        say(
                lines,
                "",
                String.format(
                        Locale.ROOT,
                        "Errors. %d requests are bad on purpose: %d of them came to an error row with the code they should."
                                + " Of the others, %s came to one.",
                        score.faults().size(),
                        right,
                        others == 0 ? "none" : others));
        for (Map.Entry<String, List<ErrorRow>> code : byCode.entrySet()) {
            lines.add("");
            List<String> names = code.getValue().stream().map(ErrorRow::name).toList();
            say(lines, "  ", code.getValue().size() + " " + code.getKey() + ": " + some(names));
            say(lines, "    ", code.getValue().get(0).refusal().message());
        }
        for (ScoredFault fault : score.faults()) {
            fault.found()
                    .text()
                    .ifPresent(text -> say(
                            lines,
                            "  ",
                            "WRONG, expected " + fault.made().code() + " for "
                                    + fault.made().customId() + ", found an answer: " + text));
        }
    }

    /** @param name the request's, and whether it should have been refused so */
    private record ErrorRow(String name, Refusal refusal) {}

    private List<ErrorRow> errorRows() {
        List<ErrorRow> rows = new ArrayList<>();
        for (ScoredFault fault : score.faults()) {
            String name = fault.made().customId()
                    + (fault.right()
                            ? ", on purpose"
                            : " (WRONG, expected " + fault.made().code() + ")");
            fault.found().refusal().ifPresent(refusal -> rows.add(new ErrorRow(name, refusal)));
        }
        for (ScoredAnswer answer : score.answers()) {
            String name = answer.asked().customId() + " (WRONG, expected an answer)";
            answer.found().refusal().ifPresent(refusal -> rows.add(new ErrorRow(name, refusal)));
        }
        return rows;
    }

    private static String some(List<String> names) {
        return names.size() <= MOST_NAMES
                ? String.join("; ", names)
                : String.join("; ", names.subList(0, MOST_NAMES)) + "; and " + (names.size() - MOST_NAMES) + " more";
    }

    /** Adds a text as lines that fit; what follows its first line stands a little further in. */
    private void say(List<String> lines, String indent, String text) {
        String next = indent.isEmpty() ? "" : indent + "   ";
        lines.add(indent
                + WordUtils.wrap(text, Math.max(20, width - next.length()), System.lineSeparator() + next, false));
    }
}
