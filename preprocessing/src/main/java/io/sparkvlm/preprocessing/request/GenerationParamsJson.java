package io.sparkvlm.preprocessing.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Writes the generation parameters in force, all of them, under the names that a request gives them, and reads them
 * again.
 */
public final class GenerationParamsJson {
    /** vLLM's name, under which all ways to ask for a format are written. */
    private static final String FORMAT = "structured_outputs";

    private GenerationParamsJson() {}

    /** The {@code params} column of the output table. */
    public static String write(GenerationParams params) {
        return OpenAiJson.write(toTree(params));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    public static GenerationParams read(String json) {
        try {
            return fromTree(OpenAiJson.read(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected sampling parameters as JSON", e);
        }
    }

    /** What {@link #write} writes. */
    public static ObjectNode toTree(GenerationParams params) {
        SamplingParams sampling = params.sampling();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("max_completion_tokens", params.maxTokens());
        node.put("min_tokens", params.minTokens());
        node.put("temperature", sampling.temperature());
        node.put("top_p", sampling.topP());
        node.put("top_k", sampling.topK());
        node.put("min_p", sampling.minP());
        node.put("frequency_penalty", sampling.frequencyPenalty());
        node.put("presence_penalty", sampling.presencePenalty());
        node.put("repetition_penalty", sampling.repetitionPenalty());
        node.put("seed", sampling.seed());
        node.put("logprobs", sampling.topLogprobs().isPresent());
        sampling.topLogprobs().ifPresent(top -> node.put("top_logprobs", top));
        ArrayNode stop = node.putArray("stop");
        params.stopStrings().forEach(stop::add);
        ArrayNode stopIds = node.putArray("stop_token_ids");
        params.stopIds().stream().sorted().forEach(stopIds::add);
        node.put("ignore_eos", params.endOfSequence() == EndOfSequence.IGNORED);
        node.put("skip_special_tokens", params.specialTokens() == SpecialTokens.SKIPPED);
        params.answerFormat().ifPresent(format -> node.putObject(FORMAT).set(key(format.kind()), format.value()));
        return node;
    }

    /** The same without a seed that decides nothing: what answers of equal trees have in common. */
    public static ObjectNode decidingTree(GenerationParams params) {
        ObjectNode tree = toTree(params);
        if (params.sampling().greedy()) {
            tree.remove("seed");
        }
        return tree;
    }

    private static String key(AnswerFormat.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<AnswerFormat> answerFormat(JsonNode structuredOutputs) {
        return Arrays.stream(AnswerFormat.Kind.values())
                .filter(kind -> structuredOutputs.has(key(kind)))
                .map(kind -> new AnswerFormat(kind, structuredOutputs.get(key(kind))))
                .findFirst();
    }

    private static GenerationParams fromTree(JsonNode node) {
        Set<Integer> stopIds = new LinkedHashSet<>();
        node.required("stop_token_ids").forEach(id -> stopIds.add(id.intValue()));
        List<String> stop = new ArrayList<>();
        node.required("stop").forEach(text -> stop.add(text.textValue()));
        return new GenerationParams(
                new SamplingParams(
                        node.required("temperature").doubleValue(),
                        node.required("top_p").doubleValue(),
                        node.required("top_k").intValue(),
                        node.required("min_p").doubleValue(),
                        node.required("frequency_penalty").doubleValue(),
                        node.required("presence_penalty").doubleValue(),
                        node.required("repetition_penalty").doubleValue(),
                        node.required("seed").longValue(),
                        node.required("logprobs").booleanValue()
                                ? OptionalInt.of(node.required("top_logprobs").intValue())
                                : OptionalInt.empty()),
                node.required("max_completion_tokens").intValue(),
                node.required("min_tokens").intValue(),
                node.required("ignore_eos").booleanValue() ? EndOfSequence.IGNORED : EndOfSequence.ENDS,
                stopIds,
                stop,
                node.required("skip_special_tokens").booleanValue() ? SpecialTokens.SKIPPED : SpecialTokens.SHOWN,
                answerFormat(node.path(FORMAT)));
    }
}
