package io.sparkvlm.preprocessing.request.validation;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.preprocessing.openai.BatchEnvelope;
import io.sparkvlm.preprocessing.openai.ChatCompletionRequest;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.Chat;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.DecodingParams;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.request.ValidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Is a request right, and what exactly does it ask for?
 *
 * <p>The first fault found is the row's rejection. {@code null} means absent. Thread-safe.
 */
public final class RequestValidator {
    private static final String METHOD = "POST";
    private static final String URL = "/v1/chat/completions";

    private final RequestRules rules;

    public RequestValidator(RequestRules rules) {
        this.rules = rules;
    }

    /** The fields of a body that refuse it by their names. */
    public static List<String> refusedFields() {
        return FieldPolicy.refused();
    }

    /** Judges the body alone. */
    public Outcome<ValidRequest> validate(ChatCompletionRequest request, String rowId) {
        return validate(Optional.empty(), request, rowId);
    }

    /**
     * Judges a row.
     *
     * @param rowId stable over retries; a request without a seed gets its own from it
     */
    public Outcome<ValidRequest> validate(
            Optional<BatchEnvelope> envelope, ChatCompletionRequest request, String rowId) {
        Notes notes = new Notes(rules.strictness());
        try {
            if (envelope.isPresent()) {
                judgeEnvelope(envelope.get(), notes);
            }
            return Outcome.ok(judgeBody(request.body(), DerivedSeed.of(rules.seed(), rowId), notes));
        } catch (Refused refused) {
            return Outcome.rejected(refused.rejection());
        }
    }

    private static void judgeEnvelope(BatchEnvelope envelope, Notes notes) throws Refused {
        Fields line = Fields.of(envelope.line(), notes);
        WireValue customId = line.required("custom_id");
        int length = Typed.string(customId)
                .codePointCount(0, customId.node().textValue().length());
        if (length == 0) {
            throw Typed.invalid(customId.path(), "empty string. Expected a string with minimum length 1.");
        }
        if (length > BatchEnvelope.MAX_CUSTOM_ID_LENGTH) {
            throw Refused.at(
                    customId.path(),
                    Code.STRING_ABOVE_MAX_LENGTH,
                    "Invalid 'custom_id': string too long. Expected a string with maximum length "
                            + BatchEnvelope.MAX_CUSTOM_ID_LENGTH + ", but got a string with length " + length
                            + " instead.");
        }
        requireExactly(METHOD, line.required("method"));
        requireExactly(URL, line.required("url"));
        line.required("body");
        line.end();
    }

    private static void requireExactly(String expected, WireValue value) throws Refused {
        String found = Typed.string(value);
        if (!found.equals(expected)) {
            throw Typed.invalid(
                    value.path(), "expected '" + expected + "', but got " + Typed.quoted(found) + " instead.");
        }
    }

    private ValidRequest judgeBody(WireValue value, long derivedSeed, Notes notes) throws Refused {
        if (!value.node().isObject()) {
            throw Typed.wrongType(new WireValue("body", value.node()), "an object");
        }
        Fields body = Fields.of(value, notes);
        String model = judgeModel(body);
        List<MediaPart> media = new ArrayList<>();
        List<ChatMessage> messages = new MessageReader(new PartReader(rules, notes, media), notes)
                .read(Typed.nonEmptyArray(body.required("messages")));
        DecodingParams decoding = new DecodingReader(rules, notes).read(body, derivedSeed);
        FieldPolicy.apply(body);
        body.end();
        return new ValidRequest(new Chat(model, messages, decoding), media, notes.warnings());
    }

    private String judgeModel(Fields body) throws Refused {
        List<String> served = rules.servedModelNames();
        Optional<String> asked = body.string("model");
        if (asked.isEmpty()) {
            return served.isEmpty() ? RequestRules.ANY_MODEL : served.get(0);
        }
        if (!asked.get().equals(RequestRules.ANY_MODEL) && !served.contains(asked.get())) {
            throw Refused.at(
                    "model",
                    Code.MODEL_NOT_FOUND,
                    "The model " + Typed.quoted(asked.get()) + " does not exist: expected "
                            + Typed.quoted(served.isEmpty() ? RequestRules.ANY_MODEL : served.get(0)) + ".");
        }
        return asked.get();
    }
}
