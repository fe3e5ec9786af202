package io.sparkvlm.preprocessing.request.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.BatchEnvelope;
import io.sparkvlm.preprocessing.openai.ChatCompletionRequest;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.Chat;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.GenerationParams;
import io.sparkvlm.preprocessing.request.MediaPart;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.request.ValidRequest.TokenLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether a request is right, and fills in what it leaves open.
 *
 * <p>The first fault found is the row's rejection. {@code null} means absent. Thread-safe.
 */
public final class RequestValidator {
    private static final String METHOD = "POST";
    private static final String URL = "/v1/chat/completions";

    private final RequestRules rules;
    private final ObjectNode jobSampling;

    /** @throws IllegalArgumentException when a request with the job's sampling parameters would be refused, in those words */
    public RequestValidator(RequestRules rules) {
        this.rules = rules;
        this.jobSampling = rules.sampling().parsed();
        RequestWarnings warnings = new RequestWarnings(Strictness.STRICT);
        try {
            Fields fields = FieldPolicy.open(new WireValue("", jobSampling), warnings);
            new GenerationParamsReader(rules, warnings).read(fields, rules.seed());
            FieldPolicy.apply(fields);
            fields.end();
        } catch (InvalidRequestException e) {
            throw new IllegalArgumentException(e.rejection().message(), e);
        }
    }

    /** The fields of a body that are in force. */
    public static List<String> honouredFields() {
        return FieldPolicy.honoured();
    }

    /** The fields of a body of whose values one is what happens anyway. */
    public static List<String> singleValuedFields() {
        return FieldPolicy.singleValued();
    }

    /** The fields of a body that refuse it by their names. */
    public static List<String> refusedFields() {
        return FieldPolicy.refused();
    }

    /** Of the refused fields those that have values that ask for nothing, which are taken. */
    public static Map<String, List<JsonNode>> valuesThatAskForNothing() {
        return FieldPolicy.asksForNothing();
    }

    /** The fields that are accepted and have no effect. */
    public static List<String> meaninglessFields() {
        return FieldPolicy.meaningless();
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
        RequestWarnings warnings = new RequestWarnings(rules.strictness());
        try {
            if (envelope.isPresent()) {
                judgeEnvelope(envelope.get(), warnings);
            }
            return Outcome.ok(judgeBody(request.body(), derivedSeed(rowId), warnings));
        } catch (InvalidRequestException e) {
            return Outcome.rejected(e.rejection());
        }
    }

    /** Whether another row would be answered otherwise for its id alone. */
    public boolean isDecidedByItsRow(ValidRequest request, String rowId) {
        return DerivedSeed.decides(request.chat().generation().sampling(), rules.seed(), rowId);
    }

    private long derivedSeed(String rowId) {
        return DerivedSeed.of(rules.seed(), rowId);
    }

    private static void judgeEnvelope(BatchEnvelope envelope, RequestWarnings warnings) throws InvalidRequestException {
        Fields line = Fields.of(envelope.line(), warnings);
        WireValue customId = line.required("custom_id");
        int length = FieldChecks.string(customId)
                .codePointCount(0, customId.node().textValue().length());
        if (length == 0) {
            throw FieldChecks.invalid(customId.path(), "empty string. Expected a string with minimum length 1.");
        }
        if (length > BatchEnvelope.MAX_CUSTOM_ID_LENGTH) {
            throw InvalidRequestException.at(
                    customId.path(),
                    RequestCode.STRING_ABOVE_MAX_LENGTH,
                    "Invalid 'custom_id': string too long. Expected a string with maximum length "
                            + BatchEnvelope.MAX_CUSTOM_ID_LENGTH + ", but got a string with length " + length
                            + " instead.");
        }
        requireExactly(METHOD, line.required("method"));
        requireExactly(URL, line.required("url"));
        line.required("body");
        line.end();
    }

    private static void requireExactly(String expected, WireValue value) throws InvalidRequestException {
        String found = FieldChecks.string(value);
        if (!found.equals(expected)) {
            throw FieldChecks.invalid(
                    value.path(), "expected '" + expected + "', but got " + FieldChecks.quoted(found) + " instead.");
        }
    }

    private ValidRequest judgeBody(WireValue value, long derivedSeed, RequestWarnings warnings)
            throws InvalidRequestException {
        if (!value.node().isObject()) {
            throw FieldChecks.wrongType(new WireValue("body", value.node()), "an object");
        }
        WireValue sampled = JobSampling.beneath(value, jobSampling);
        Fields body = FieldPolicy.open(sampled, warnings);
        String model = judgeModel(body);
        List<MediaPart> media = new ArrayList<>();
        ProcessorFields processor = ProcessorFields.read(body.optional("mm_processor_kwargs"), warnings);
        List<ChatMessage> messages = new MessageReader(new PartReader(rules, processor, warnings, media), warnings)
                .read(FieldChecks.nonEmptyArray(body.required("messages")));
        GenerationParams generation = new GenerationParamsReader(rules, warnings).read(body, derivedSeed);
        FieldPolicy.apply(body);
        body.end();
        return new ValidRequest(new Chat(model, messages, generation), media, limitOf(sampled), warnings.warnings());
    }

    private static TokenLimit limitOf(WireValue body) {
        return body.field("max_completion_tokens")
                        .or(() -> body.field("max_tokens"))
                        .isPresent()
                ? TokenLimit.ASKED_FOR
                : TokenLimit.DEFAULT;
    }

    private String judgeModel(Fields body) throws InvalidRequestException {
        List<String> served = rules.servedModelNames();
        Optional<String> asked = body.string("model");
        if (asked.isEmpty()) {
            return served.isEmpty() ? RequestRules.ANY_MODEL : served.get(0);
        }
        if (!asked.get().equals(RequestRules.ANY_MODEL) && !served.contains(asked.get())) {
            throw InvalidRequestException.at(
                    "model",
                    RequestCode.MODEL_NOT_FOUND,
                    "The model " + FieldChecks.quoted(asked.get()) + " does not exist: expected "
                            + FieldChecks.quoted(served.isEmpty() ? RequestRules.ANY_MODEL : served.get(0)) + ".");
        }
        return asked.get();
    }
}
