package io.sparkvlm.job.metric;

import java.util.Locale;

/** The metrics by the names that users give them. */
public enum MetricName {
    /** The gold answer to the letter. */
    EXACT,
    /** The gold answer but for case, space around it and ASCII punctuation. */
    NORMALIZED,
    /** The letter of the right choice, found in the answer as MMMU finds it. */
    CHOICE,
    /** Average normalized Levenshtein similarity (DocVQA, InfographicVQA, TextVQA): 0 below one half. */
    ANLS,
    /** A number within 5 % of the gold one, or else the same text but for case (ChartQA). */
    RELAXED,
    /** The agreement with the answers of several people (VQAv2). */
    VQA,
    /** The last number of the answer is the gold one. */
    NUMBER,
    /** The share of the gold JSON's values that the answer's JSON has in the same places. */
    JSON;

    public Metric metric() {
        return switch (this) {
            case EXACT -> (answer, gold) -> gold.best(right -> answer.equals(right) ? 1 : 0);
            case NORMALIZED -> new NormalizedMatch();
            case CHOICE -> new MultipleChoice();
            case ANLS -> new Anls();
            case RELAXED -> new RelaxedAccuracy();
            case VQA -> new VqaAccuracy();
            case NUMBER -> new NumberMatch();
            case JSON -> new JsonFields();
        };
    }

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
