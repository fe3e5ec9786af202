package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.GenerationParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.GenerationParams.SpecialTokens;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads how a request wants its answer chosen and ended: OpenAI's fields, and vLLM's beside them. */
final class GenerationParamsReader {
    private static final int MAX_TEMPERATURE = 2;
    private static final int MAX_PENALTY = 2;
    private static final int MAX_TOP_LOGPROBS = 20;
    private static final int MAX_STOP_STRINGS = 4;
    private static final int MAX_STOP_IDS = 1024;
    // vLLM wants it above 0 and no more; within these bounds it can neither be 0 nor infinite as a 32-bit float.
    private static final double MIN_REPETITION_PENALTY = 0.01;
    private static final double MAX_REPETITION_PENALTY = 100;
    /** vLLM's and Hugging Face's spelling of "all". */
    private static final int TOP_K_OFF = -1;

    private final RequestRules rules;
    private final RequestWarnings warnings;

    GenerationParamsReader(RequestRules rules, RequestWarnings warnings) {
        this.rules = rules;
        this.warnings = warnings;
    }

    GenerationParams read(Fields body, long derivedSeed) throws InvalidRequestException {
        readDelivery(body);
        int maxTokens = maxTokens(body);
        return new GenerationParams(
                sampling(body, derivedSeed),
                maxTokens,
                minTokens(body, maxTokens),
                body.flag("ignore_eos", false) ? EndOfSequence.IGNORED : EndOfSequence.ENDS,
                stopIds(body),
                stopStrings(body),
                body.flag("skip_special_tokens", true) ? SpecialTokens.SKIPPED : SpecialTokens.SHOWN,
                new AnswerFormatReader(warnings).read(body));
    }

    private SamplingParams sampling(Fields body, long derivedSeed) throws InvalidRequestException {
        SamplingDefaults defaults = rules.defaults();
        return new SamplingParams(
                body.decimal("temperature", 0, MAX_TEMPERATURE).orElse(defaults.temperature()),
                body.decimal("top_p", 0, 1).orElse(defaults.topP()),
                Math.max(
                        0,
                        body.smallInteger("top_k", TOP_K_OFF, Integer.MAX_VALUE).orElse(defaults.topK())),
                body.decimal("min_p", 0, 1).orElse(defaults.minP()),
                body.decimal("frequency_penalty", -MAX_PENALTY, MAX_PENALTY).orElse(0),
                body.decimal("presence_penalty", -MAX_PENALTY, MAX_PENALTY).orElse(0),
                body.decimal("repetition_penalty", MIN_REPETITION_PENALTY, MAX_REPETITION_PENALTY)
                        .orElse(defaults.repetitionPenalty()),
                body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(derivedSeed),
                topLogprobs(body));
    }

    private static OptionalInt topLogprobs(Fields body) throws InvalidRequestException {
        boolean wanted = body.flag("logprobs", false);
        OptionalInt top = body.smallInteger("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top.isPresent() && !wanted) {
            throw FieldChecks.invalid("top_logprobs", "only allowed when 'logprobs' is true.");
        }
        return wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
    }

    private int maxTokens(Fields body) throws InvalidRequestException {
        OptionalInt newer = body.smallInteger("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt older = body.smallInteger("max_tokens", 1, Integer.MAX_VALUE);
        if (newer.isPresent() && older.isPresent() && newer.getAsInt() != older.getAsInt()) {
            warnings.warn("'max_tokens' has no effect beside 'max_completion_tokens': " + newer.getAsInt()
                    + " is in force, not " + older.getAsInt());
        }
        return newer.orElse(older.orElse(rules.defaults().maxTokens()));
    }

    private static int minTokens(Fields body, int maxTokens) throws InvalidRequestException {
        int minTokens = body.smallInteger("min_tokens", 0, Integer.MAX_VALUE).orElse(0);
        if (minTokens > maxTokens) {
            throw FieldChecks.invalid(
                    "min_tokens",
                    "expected at most the " + maxTokens + " tokens that the answer may have, but got " + minTokens
                            + " instead.");
        }
        return minTokens;
    }

    private Set<Integer> stopIds(Fields body) throws InvalidRequestException {
        Optional<WireValue> value = body.optional("stop_token_ids");
        Set<Integer> ids = new LinkedHashSet<>();
        if (value.isPresent()) {
            List<WireValue> elements = FieldChecks.array(value.get());
            FieldChecks.atMost(MAX_STOP_IDS, elements, "stop_token_ids");
            for (WireValue element : elements) {
                ids.add(Math.toIntExact(FieldChecks.integer(element, 0, rules.vocabularySize() - 1L)));
            }
        }
        return ids;
    }

    private static List<String> stopStrings(Fields body) throws InvalidRequestException {
        Optional<WireValue> value = body.optional("stop");
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().node().isTextual()) {
            return List.of(stopString(value.get()));
        }
        if (!value.get().node().isArray()) {
            throw FieldChecks.wrongType(value.get(), "a string or an array of strings");
        }
        List<WireValue> elements = FieldChecks.array(value.get());
        FieldChecks.atMost(MAX_STOP_STRINGS, elements, "stop");
        List<String> strings = new ArrayList<>(elements.size());
        for (WireValue element : elements) {
            strings.add(stopString(element));
        }
        return strings;
    }

    private static String stopString(WireValue value) throws InvalidRequestException {
        String text = FieldChecks.string(value);
        if (text.isEmpty()) {
            throw FieldChecks.invalid(value.path(), "empty string. Expected a string with minimum length 1.");
        }
        return text;
    }

    /** n and stream: in a table one of their values is honoured, and the others are refused by name or have no effect. */
    private void readDelivery(Fields body) throws InvalidRequestException {
        boolean ofTable = rules.mostChoices() == 1;
        if (body.integer("n", 1, ofTable ? Integer.MAX_VALUE : rules.mostChoices())
                                .orElse(1)
                        != 1
                && ofTable) {
            throw unsupported("n", "only 1 is supported: one answer for each request");
        }
        if (body.flag("stream", false)) {
            warnings.warn("'stream' has no effect: a table is answered whole");
        }
        Optional<WireValue> streamOptions = body.optional("stream_options");
        if (streamOptions.isPresent()) {
            Fields.of(streamOptions.get(), warnings);
            warnings.warn("'stream_options' has no effect: a table is answered whole");
        }
    }

    private static InvalidRequestException unsupported(String path, String message) {
        return InvalidRequestException.at(
                path, RequestCode.UNSUPPORTED_VALUE, "Unsupported value: '" + path + "': " + message + ".");
    }
}
