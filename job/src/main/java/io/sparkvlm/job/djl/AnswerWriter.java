package io.sparkvlm.job.djl;

import ai.djl.modality.Output;
import ai.djl.translate.TranslateException;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.openai.BatchResult;
import java.util.Map;

/** Writes what predictors give back. */
@FunctionalInterface
interface AnswerWriter {
    /** By their classes. */
    Map<Class<?>, AnswerWriter> ALL = Map.of(
            Completion.class, AnswerWriter::completion,
            String.class, outcome -> completion(outcome).text(),
            Output.class, AnswerWriter::output);

    /**
     * The object that a caller gets.
     *
     * @throws TranslateException for a rejection, where an object of the class cannot hold it
     */
    Object write(Outcome<Completion> outcome) throws TranslateException;

    private static Completion completion(Outcome<Completion> outcome) throws TranslateException {
        if (outcome instanceof Outcome.Rejected<Completion> rejected) {
            Rejection rejection = rejected.rejection();
            throw new TranslateException(rejection.code().wireName() + ": " + rejection.message()
                    + rejection.param().map(param -> ", at " + param).orElse(""));
        }
        return ((Outcome.Ok<Completion>) outcome).value();
    }

    private static Output output(Outcome<Completion> outcome) {
        return outcome.fold(
                completion -> output(200, "OK", completion.response()),
                rejection -> output(
                        rejection.code().status(),
                        rejection.code().wireName(),
                        BatchResult.errorBody(
                                rejection.message(),
                                rejection.code().type().wireName(),
                                rejection.param(),
                                rejection.code().wireName())));
    }

    private static Output output(int status, String message, String body) {
        Output output = new Output(status, message);
        output.addProperty("Content-Type", "application/json");
        output.add(body);
        return output;
    }
}
