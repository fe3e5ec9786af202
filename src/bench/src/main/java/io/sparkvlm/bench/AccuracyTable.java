package io.sparkvlm.bench;

import io.sparkvlm.job.demo.AnswerKey.Entry;
import io.sparkvlm.job.demo.DemoQuestion.Subject;
import io.sparkvlm.job.demo.DemoScore;
import io.sparkvlm.job.demo.RightAnswers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Compares runs over the same questions, as a table in Markdown: subjects and kinds down, runs across.
 *
 * @param runs at least one, by name
 */
record AccuracyTable(Map<String, DemoScore> runs) {
    String text() {
        StringBuilder table = new StringBuilder();
        line(table, "asked about", "kind", "of", List.copyOf(runs.keySet()));
        line(
                table,
                "---",
                "---",
                "---",
                runs.keySet().stream().map(run -> "---").toList());
        for (Subject subject : Subject.values()) {
            Predicate<Entry> about = entry -> entry.question().subject() == subject;
            String name = subject.name().toLowerCase(Locale.ROOT);
            for (String kind : first().byKind(about).keySet()) {
                scores(table, name, kind, about.and(entry -> entry.kind().equals(kind)));
            }
            scores(table, name, "**all**", about);
        }
        scores(table, "all", "several turns", entry -> entry.question().turns() > 1);
        return table.toString();
    }

    private DemoScore first() {
        return runs.values().iterator().next();
    }

    private void scores(StringBuilder table, String subject, String kind, Predicate<Entry> chosen) {
        List<String> shares = runs.values().stream()
                .map(marks -> marks.total(chosen))
                .map(RightAnswers::fraction)
                .map(share -> String.format(Locale.ROOT, "%.3f", share))
                .toList();
        line(table, subject, kind, Long.toString(first().total(chosen).asked()), shares);
    }

    private static void line(StringBuilder table, String subject, String kind, String asked, List<String> shares) {
        table.append("| " + subject + " | " + kind + " | " + asked)
                .append(shares.stream().collect(Collectors.joining(" | ", " | ", " |\n")));
    }
}
