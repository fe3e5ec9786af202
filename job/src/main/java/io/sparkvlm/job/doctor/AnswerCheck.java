package io.sparkvlm.job.doctor;

import io.sparkvlm.job.text.RootCause;
import java.util.concurrent.Callable;

/** Compares an answer of a model with the one that is known. */
public final class AnswerCheck {
    private AnswerCheck() {}

    /**
     * The finding of one answer.
     *
     * @param device that computes it
     * @param engine what asks, and gives the answer's text
     */
    public static Finding of(String known, String device, Callable<String> engine) {
        String asked = "known answer on " + device + ": ";
        try {
            String answer = engine.call();
            return answer.equals(known)
                    ? Finding.ok(asked + "the small model in the jar says \"" + known + "\"")
                    : Finding.missing(
                            asked + "expected \"" + known + "\" of the small model in the jar, found \"" + answer
                                    + "\"",
                            "compute with --device cpu and -Dsparkvlm.kernels=false: what then answers right shows where"
                                    + " the fault is");
        } catch (Exception | LinkageError e) {
            return Finding.missing(
                    asked + "the small model in the jar does not answer: " + RootCause.of(e),
                    "see to what is missing above, and start again");
        }
    }
}
