package io.sparkvlm.job.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.Completion;
import java.util.ArrayList;
import java.util.List;

/** Puts the requests of a batch into arrays of one list, and takes the answers out of another. */
final class ChatTranslator<I, O> implements Translator<I, O> {
    private final Class<I> input;
    private final Class<O> output;

    ChatTranslator(Class<I> input, Class<O> output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public NDList processInput(TranslatorContext context, I request) {
        return batchProcessInput(context, List.of(request));
    }

    @Override
    public O processOutput(TranslatorContext context, NDList answers) throws TranslateException {
        return batchProcessOutput(context, answers).get(0);
    }

    @Override
    public NDList batchProcessInput(TranslatorContext context, List<I> requests) {
        return Carried.in(
                context.getNDManager(),
                requests.stream().map(RequestReader.ALL.get(input)).toList());
    }

    @Override
    public List<O> batchProcessOutput(TranslatorContext context, NDList answers) throws TranslateException {
        List<O> written = new ArrayList<>(answers.size());
        for (Outcome<?> answer : Carried.out(answers, Outcome.class)) {
            Outcome<Completion> outcome = answer.map(Completion.class::cast);
            written.add(output.cast(AnswerWriter.ALL.get(output).write(outcome)));
        }
        return written;
    }
}
