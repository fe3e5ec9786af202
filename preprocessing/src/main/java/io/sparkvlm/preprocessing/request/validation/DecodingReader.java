package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.api.SamplingParams;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.DecodingParams;
import io.sparkvlm.preprocessing.request.DecodingParams.EndOfSequence;
import io.sparkvlm.preprocessing.request.DecodingParams.SpecialTokens;
import io.sparkvlm.preprocessing.request.SamplingDefaults;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** How does a request want its answer chosen and ended? OpenAI's fields, and vLLM's beside them. */
final class DecodingReader {
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
    private final Notes notes;

    DecodingReader(RequestRules rules, Notes notes) {
        this.rules = rules;
        this.notes = notes;
    }

    DecodingParams read(Fields body, long derivedSeed) throws Refused {
        readWhatHasOneValue(body);
        int maxTokens = maxTokens(body);
        return new DecodingParams(
                sampling(body, derivedSeed),
                maxTokens,
                minTokens(body, maxTokens),
                body.flag("ignore_eos", false) ? EndOfSequence.IGNORED : EndOfSequence.ENDS,
                stopIds(body),
                stopStrings(body),
                body.flag("skip_special_tokens", true) ? SpecialTokens.SKIPPED : SpecialTokens.SHOWN);
    }

    private SamplingParams sampling(Fields body, long derivedSeed) throws Refused {
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

    private static OptionalInt topLogprobs(Fields body) throws Refused {
        boolean wanted = body.flag("logprobs", false);
        OptionalInt top = body.smallInteger("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top.isPresent() && !wanted) {
            throw Typed.invalid("top_logprobs", "only allowed when 'logprobs' is true.");
        }
        return wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
    }

    private int maxTokens(Fields body) throws Refused {
        OptionalInt newer = body.smallInteger("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt older = body.smallInteger("max_tokens", 1, Integer.MAX_VALUE);
        if (newer.isPresent() && older.isPresent() && newer.getAsInt() != older.getAsInt()) {
            notes.warn("'max_tokens' has no effect beside 'max_completion_tokens': " + newer.getAsInt()
                    + " is in force, not " + older.getAsInt());
        }
        return newer.orElse(older.orElse(rules.defaults().maxTokens()));
    }

    private static int minTokens(Fields body, int maxTokens) throws Refused {
        int minTokens = body.smallInteger("min_tokens", 0, Integer.MAX_VALUE).orElse(0);
        if (minTokens > maxTokens) {
            throw Typed.invalid(
                    "min_tokens",
                    "expected at most the " + maxTokens + " tokens that the answer may have, but got " + minTokens
                            + " instead.");
        }
        return minTokens;
    }

    private Set<Integer> stopIds(Fields body) throws Refused {
        Optional<WireValue> value = body.optional("stop_token_ids");
        Set<Integer> ids = new LinkedHashSet<>();
        if (value.isPresent()) {
            List<WireValue> elements = Typed.array(value.get());
            Typed.atMost(MAX_STOP_IDS, elements, "stop_token_ids");
            for (WireValue element : elements) {
                ids.add(Math.toIntExact(Typed.integer(element, 0, rules.vocabularySize() - 1L)));
            }
        }
        return ids;
    }

    private static List<String> stopStrings(Fields body) throws Refused {
        Optional<WireValue> value = body.optional("stop");
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().node().isTextual()) {
            return List.of(stopString(value.get()));
        }
        if (!value.get().node().isArray()) {
            throw Typed.wrongType(value.get(), "a string or an array of strings");
        }
        List<WireValue> elements = Typed.array(value.get());
        Typed.atMost(MAX_STOP_STRINGS, elements, "stop");
        List<String> strings = new ArrayList<>(elements.size());
        for (WireValue element : elements) {
            strings.add(stopString(element));
        }
        return strings;
    }

    private static String stopString(WireValue value) throws Refused {
        String text = Typed.string(value);
        if (text.isEmpty()) {
            throw Typed.invalid(value.path(), "empty string. Expected a string with minimum length 1.");
        }
        return text;
    }

    /** n, stream and response_format: of their values one is honoured, and the others are refused by name. */
    private void readWhatHasOneValue(Fields body) throws Refused {
        if (body.integer("n", 1, Integer.MAX_VALUE).orElse(1) != 1) {
            throw unsupported("n", "only 1 is supported: one answer for each row");
        }
        if (body.flag("stream", false)) {
            notes.warn("'stream' has no effect: a table is answered whole");
        }
        Optional<WireValue> streamOptions = body.optional("stream_options");
        if (streamOptions.isPresent()) {
            Fields.of(streamOptions.get(), notes);
            notes.warn("'stream_options' has no effect: a table is answered whole");
        }
        Optional<WireValue> format = body.optional("response_format");
        if (format.isPresent()) {
            judgeFormat(Fields.of(format.get(), notes));
        }
    }

    private static void judgeFormat(Fields format) throws Refused {
        WireValue type = format.required("type");
        String name = Typed.string(type);
        switch (name) {
            case "text" -> format.end();
            case "json_object", "json_schema" ->
                throw unsupported(type.path(), "'" + name + "' is not supported, only 'text' is");
            default ->
                throw Typed.invalid(type.path(), "got " + Typed.quoted(name) + ". Supported values are: 'text'.");
        }
    }

    private static Refused unsupported(String path, String message) {
        return Refused.at(path, Code.UNSUPPORTED_VALUE, "Unsupported value: '" + path + "': " + message + ".");
    }
}
