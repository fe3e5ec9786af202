package io.sparkvlm.job.djl;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import io.sparkvlm.preprocessing.Completion;
import io.sparkvlm.preprocessing.RequestRow;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes translators of requests and answers.
 *
 * <p>A request is the JSON of an OpenAI body or Batch line, as a {@link String}, as the content of an {@link Input}, or in a
 * {@link RequestRow} with an id of the caller's. An answer is a {@link Completion} or its text as a {@link String}, which a
 * request that is refused ends with an exception, or an {@link Output} that has OpenAI's status and body either way.
 */
public final class ChatTranslatorFactory implements TranslatorFactory {
    @Override
    public Set<Pair<Type, Type>> getSupportedTypes() {
        return RequestReader.ALL.keySet().stream()
                .flatMap(input -> AnswerWriter.ALL.keySet().stream().map(output -> new Pair<Type, Type>(input, output)))
                .collect(Collectors.toSet());
    }

    @Override
    public <I, O> Translator<I, O> newInstance(Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
            throws TranslateException {
        return new ChatTranslator<>(input, output);
    }
}
