package io.sparkvlm.job.show;

import io.sparkvlm.job.text.Figures;
import java.util.Optional;
import java.util.function.Function;

/** Holds what became of a row: an answer, or the error in its place. */
sealed interface RowResult {
    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<Answer, R> onAnswer, Function<Failure, R> onFailure);

    /**
     * What the model said.
     *
     * @param promptTokens with the vision tokens among them
     */
    record Answer(String text, String finishReason, long promptTokens, long visionTokens, long completionTokens)
            implements RowResult {
        @Override
        public <R> R fold(Function<Answer, R> onAnswer, Function<Failure, R> onFailure) {
            return onAnswer.apply(this);
        }

        String tokens() {
            String vision = visionTokens == 0 ? "" : " (" + Figures.count(visionTokens) + " vision)";
            return Figures.count(promptTokens) + " prompt" + vision + ", " + Figures.count(completionTokens)
                    + " answer";
        }

        /** How the answer ended; empty where it ended by itself. */
        String ending() {
            return finishReason.equals("stop") ? "" : "cut off at max_completion_tokens";
        }
    }

    /**
     * Why there is no answer.
     *
     * @param status as HTTP
     */
    record Failure(int status, String code, String message, Optional<String> param) implements RowResult {
        @Override
        public <R> R fold(Function<Answer, R> onAnswer, Function<Failure, R> onFailure) {
            return onFailure.apply(this);
        }
    }
}
