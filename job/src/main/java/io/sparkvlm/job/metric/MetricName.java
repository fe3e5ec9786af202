package io.sparkvlm.job.metric;

import java.util.Locale;

/** The metrics by the names that users give them. */
public enum MetricName {
    /** The gold answer to the letter. */
    EXACT((answer, gold) -> gold.best(right -> answer.equals(right) ? 1 : 0)),
    /** The gold answer but for case, space around it and ASCII punctuation. */
    NORMALIZED(new NormalizedMatch()),
    /** The letter of the right choice, found in the answer as MMMU finds it. */
    CHOICE(new MultipleChoice()),
    /** Average normalized Levenshtein similarity (DocVQA, InfographicVQA, TextVQA): 0 below one half. */
    ANLS(new Anls()),
    /** A number within 5 % of the gold one, or else the same text but for case (ChartQA). */
    RELAXED(new RelaxedAccuracy()),
    /** The agreement with the answers of several people (VQAv2). */
    VQA(new VqaAccuracy()),
    /** The last number of the answer is the gold one. */
    NUMBER(new NumberMatch()),
    /** The share of the gold JSON's values that the answer's JSON has in the same places. */
    JSON(new JsonFields());

    private final Metric metric;

    MetricName(Metric metric) {
        this.metric = metric;
    }

    public Metric metric() {
        return metric;
    }

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
