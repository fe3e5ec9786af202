package io.sparkvlm.job.demo;

import io.sparkvlm.job.demo.AnswerKey.Entry;
import io.sparkvlm.job.demo.AnswerKey.Fault;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which answers are right? Those that are the expected sentence to the letter, and refusals with the expected code. */
public record Marks(List<MarkedAnswer> answers, List<MarkedFault> faults) {
    /** One question with what was answered. */
    public record MarkedAnswer(Entry asked, Answer found) {
        public boolean right() {
            return found.text().equals(Optional.of(asked.answer()));
        }
    }

    /** One bad request with what came of it. */
    public record MarkedFault(Fault made, Answer found) {
        public boolean right() {
            return found.refusal().map(Answer.Refusal::code).equals(Optional.of(made.code()));
        }
    }

    /**
     * Holds what was found against the key.
     *
     * @throws IllegalArgumentException where a request has no answer or an answer no request: every row has its row
     */
    public static Marks of(AnswerKey key, Map<String, Answer> found) {
        Set<String> unasked = new HashSet<>(found.keySet());
        key.questions().forEach(entry -> unasked.remove(entry.customId()));
        key.faults().forEach(fault -> unasked.remove(fault.customId()));
        if (!unasked.isEmpty()) {
            throw new IllegalArgumentException("expected rows for what was asked only, found " + unasked);
        }
        return new Marks(
                key.questions().stream()
                        .map(entry -> new MarkedAnswer(entry, row(found, entry.customId())))
                        .toList(),
                key.faults().stream()
                        .map(fault -> new MarkedFault(fault, row(found, fault.customId())))
                        .toList());
    }

    /** Of the questions that are chosen, by kind. */
    public SortedMap<String, Score> byKind(Predicate<Entry> chosen) {
        SortedMap<String, Score> scores = new TreeMap<>();
        for (MarkedAnswer answer : answers) {
            if (chosen.test(answer.asked())) {
                scores.merge(answer.asked().kind(), new Score(answer.right() ? 1 : 0, 1), Score::plus);
            }
        }
        return scores;
    }

    public Score total(Predicate<Entry> chosen) {
        return byKind(chosen).values().stream().reduce(Score.NONE, Score::plus);
    }

    private static Answer row(Map<String, Answer> found, String customId) {
        if (!found.containsKey(customId)) {
            throw new IllegalArgumentException("expected a row for " + customId + ", found none");
        }
        return found.get(customId);
    }
}
