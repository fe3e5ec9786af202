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

/** Marks each answer of the demo: right is the expected sentence to the letter, or a refusal with the expected code. */
public record DemoScore(List<ScoredAnswer> answers, List<ScoredFault> faults) {
    /** One question with what was answered. */
    public record ScoredAnswer(Entry asked, DemoAnswer found) {
        public boolean right() {
            return found.text().equals(Optional.of(asked.answer()));
        }
    }

    /** One bad request with what came of it. */
    public record ScoredFault(Fault made, DemoAnswer found) {
        public boolean right() {
            return found.refusal().map(DemoAnswer.Refusal::code).equals(Optional.of(made.code()));
        }
    }

    /**
     * Holds what was found against the key.
     *
     * @throws IllegalArgumentException where a request has no answer or an answer no request: every row has its row
     */
    public static DemoScore of(AnswerKey key, Map<String, DemoAnswer> found) {
        Set<String> unasked = new HashSet<>(found.keySet());
        key.questions().forEach(entry -> unasked.remove(entry.customId()));
        key.faults().forEach(fault -> unasked.remove(fault.customId()));
        if (!unasked.isEmpty()) {
            throw new IllegalArgumentException("expected rows for what was asked only, found " + unasked);
        }
        return new DemoScore(
                key.questions().stream()
                        .map(entry -> new ScoredAnswer(entry, row(found, entry.customId())))
                        .toList(),
                key.faults().stream()
                        .map(fault -> new ScoredFault(fault, row(found, fault.customId())))
                        .toList());
    }

    /** Of the questions that are chosen, by kind. */
    public SortedMap<String, RightAnswers> byKind(Predicate<Entry> chosen) {
        SortedMap<String, RightAnswers> scores = new TreeMap<>();
        for (ScoredAnswer answer : answers) {
            if (chosen.test(answer.asked())) {
                scores.merge(answer.asked().kind(), new RightAnswers(answer.right() ? 1 : 0, 1), RightAnswers::plus);
            }
        }
        return scores;
    }

    public RightAnswers total(Predicate<Entry> chosen) {
        return byKind(chosen).values().stream().reduce(RightAnswers.NONE, RightAnswers::plus);
    }

    private static DemoAnswer row(Map<String, DemoAnswer> found, String customId) {
        if (!found.containsKey(customId)) {
            throw new IllegalArgumentException("expected a row for " + customId + ", found none");
        }
        return found.get(customId);
    }
}
