package io.sparkvlm.job.options.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.job.options.HelpGroup;
import io.sparkvlm.job.text.NearestName;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/**
 * The sampling parameters of a request as options, for requests that are silent. Their values are judged by the reader of
 * requests, whose words a refusal has.
 */
@HelpGroup.Of(HelpGroup.SAMPLING_AND_LIMITS)
final class RequestFieldOptions {
    /** Hugging Face's name, which generation_config.json has. */
    private static final String MAX_NEW_TOKENS = "max_new_tokens";

    private static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";

    @Option(
            names = {"--max-completion-tokens", "--max-tokens"},
            paramLabel = "N",
            description = "Most tokens of an answer.")
    private Optional<String> maxCompletionTokens = Optional.empty();

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "From 0, which takes the likeliest token each time, to 2.")
    private Optional<String> temperature = Optional.empty();

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw among the likeliest tokens that together have this probability.")
    private Optional<String> topP = Optional.empty();

    @Option(names = "--top-k", paramLabel = "N", description = "Draw among the N likeliest tokens; -1 or 0: among all.")
    private Optional<String> topK = Optional.empty();

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Draw among tokens with at least this share of the likeliest one's probability.")
    private Optional<String> minP = Optional.empty();

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            description = "From -2 to 2, for each time that the answer has a token.")
    private Optional<String> frequencyPenalty = Optional.empty();

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            description = "From -2 to 2, for a token that the answer has.")
    private Optional<String> presencePenalty = Optional.empty();

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            description = "Divides the logits of tokens that prompt or answer have; 1: none.")
    private Optional<String> repetitionPenalty = Optional.empty();

    @Option(names = "--min-tokens", paramLabel = "N", description = "Fewest tokens of an answer.")
    private Optional<String> minTokens = Optional.empty();

    @Option(
            names = "--ignore-eos",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Go on after the checkpoint's end tokens.")
    private Optional<String> ignoreEos = Optional.empty();

    @Option(
            names = "--skip-special-tokens",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Leave control tokens out of the text.")
    private Optional<String> skipSpecialTokens = Optional.empty();

    @Option(
            names = "--logprobs",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Give the log probability of each token.")
    private Optional<String> logprobs = Optional.empty();

    @Option(
            names = "--top-logprobs",
            paramLabel = "N",
            description = "With --logprobs, those of the N likeliest tokens too.")
    private Optional<String> topLogprobs = Optional.empty();

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End an answer before this text; again for up to four texts, or a JSON array of them.")
    private List<String> stop = List.of();

    @Option(names = "--stop-token-ids", split = ",", paramLabel = "ID", description = "End an answer at these tokens.")
    private List<String> stopTokenIds = List.of();

    @Option(
            names = "--override-generation-config",
            paramLabel = "JSON",
            description = "The same parameters as JSON, as {\"temperature\": 0.2, \"max_new_tokens\": 64}; an option of"
                    + " its own goes before it.")
    private Optional<String> overrides = Optional.empty();

    /** @throws IllegalArgumentException when the JSON is none, or has another field */
    JobSampling sampling() {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        overrides.ifPresent(json -> values.putAll(overridden(json)));
        maxCompletionTokens.ifPresent(value -> values.put(MAX_COMPLETION_TOKENS, json(value)));
        temperature.ifPresent(value -> values.put("temperature", json(value)));
        topP.ifPresent(value -> values.put("top_p", json(value)));
        topK.ifPresent(value -> values.put("top_k", json(value)));
        minP.ifPresent(value -> values.put("min_p", json(value)));
        frequencyPenalty.ifPresent(value -> values.put("frequency_penalty", json(value)));
        presencePenalty.ifPresent(value -> values.put("presence_penalty", json(value)));
        repetitionPenalty.ifPresent(value -> values.put("repetition_penalty", json(value)));
        minTokens.ifPresent(value -> values.put("min_tokens", json(value)));
        ignoreEos.ifPresent(value -> values.put("ignore_eos", json(value)));
        skipSpecialTokens.ifPresent(value -> values.put("skip_special_tokens", json(value)));
        logprobs.ifPresent(value -> values.put("logprobs", json(value)));
        topLogprobs.ifPresent(value -> values.put("top_logprobs", json(value)));
        putAll("stop", stop, values);
        putAll("stop_token_ids", stopTokenIds.stream().map(String::strip).toList(), values);
        return JobSampling.of(values);
    }

    private static Map<String, JsonNode> overridden(String json) {
        JsonNode object = json(json);
        if (!object.isObject()) {
            throw new IllegalArgumentException(
                    "expected --override-generation-config to be a JSON object, found " + json);
        }
        Set<String> known = new TreeSet<>(JobSampling.fields());
        known.add(MAX_NEW_TOKENS);
        Map<String, JsonNode> values = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            if (!known.contains(field.getKey())) {
                throw new IllegalArgumentException("unknown field \"" + field.getKey()
                        + "\" in --override-generation-config" + NearestName.hint(field.getKey(), known));
            }
            values.put(
                    Set.of(MAX_NEW_TOKENS, "max_tokens").contains(field.getKey())
                            ? MAX_COMPLETION_TOKENS
                            : field.getKey(),
                    field.getValue());
        });
        return values;
    }

    /** Texts as they are, unless the only one is a JSON array. */
    private static void putAll(String field, List<String> texts, Map<String, JsonNode> values) {
        if (texts.isEmpty()) {
            return;
        }
        JsonNode whole = json(String.join(",", texts));
        ArrayNode each = JsonNodeFactory.instance.arrayNode();
        texts.forEach(text -> each.add(field.equals("stop") ? TextNode.valueOf(text) : json(text)));
        values.put(field, whole.isArray() ? whole : each);
    }

    /** A value as JSON has it; what is none is a text, for the reader of requests to say what it expects. */
    private static JsonNode json(String text) {
        try {
            JsonNode value = OpenAiJson.read(text);
            return value.isMissingNode() ? TextNode.valueOf(text) : value;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }
}
