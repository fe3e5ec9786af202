package io.sparkvlm.preprocessing.request.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sparkvlm.grammar.AnswerFormat;
import io.sparkvlm.grammar.AnswerFormat.Kind;
import io.sparkvlm.grammar.Grammars;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what an answer must be: OpenAI's response_format, vLLM's structured_outputs, and the guided_ fields that vLLM had before.
 * What no grammar can be made of is refused here.
 */
final class AnswerFormatReader {
    private static final JsonNode ANY_OBJECT =
            JsonNodeFactory.instance.objectNode().put("type", "object");
    private static final List<String> REFUSED = List.of("grammar", "structural_tag");
    private static final List<String> MEANINGLESS = List.of(
            "disable_fallback",
            "disable_any_whitespace",
            "disable_additional_properties",
            "whitespace_pattern",
            "backend");

    private final RequestWarnings warnings;
    private final List<Asked> asked = new ArrayList<>(1);

    AnswerFormatReader(RequestWarnings warnings) {
        this.warnings = warnings;
    }

    Optional<AnswerFormat> read(Fields body) throws InvalidRequestException {
        Optional<WireValue> format = body.optional("response_format");
        if (format.isPresent()) {
            readResponseFormat(Fields.of(format.get(), warnings));
        }
        Optional<WireValue> structured = body.optional("structured_outputs");
        if (structured.isPresent()) {
            readStructuredOutputs(Fields.of(structured.get(), warnings));
        }
        readKinds(body, "guided_");
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        if (asked.size() > 1) {
            throw FieldChecks.invalid(
                    asked.get(1).path(), "only allowed without '" + asked.get(0).path() + "'.");
        }
        return Optional.of(judged(asked.get(0)));
    }

    private void readResponseFormat(Fields format) throws InvalidRequestException {
        WireValue type = format.required("type");
        String name = FieldChecks.string(type);
        switch (name) {
            case "text" -> {}
            case "json_object" -> asked.add(new Asked(type.path(), Kind.JSON, ANY_OBJECT));
            case "json_schema" -> readSchema(Fields.of(format.required("json_schema"), warnings));
            default ->
                throw FieldChecks.invalid(
                        type.path(),
                        "got " + FieldChecks.quoted(name)
                                + ". Supported values are: 'text', 'json_object' and 'json_schema'.");
        }
        format.end();
    }

    private void readSchema(Fields named) throws InvalidRequestException {
        FieldChecks.string(named.required("name"));
        named.string("description");
        named.flag("strict", true); // a schema is held in any case
        WireValue schema = named.required("schema");
        if (!schema.node().isObject()) {
            throw FieldChecks.wrongType(schema, "an object");
        }
        asked.add(new Asked(schema.path(), Kind.JSON, schema.node()));
        named.end();
    }

    private void readStructuredOutputs(Fields structured) throws InvalidRequestException {
        int before = asked.size();
        readKinds(structured, "");
        if (structured.flag("json_object", false)) {
            asked.add(new Asked(structured.pathOf("json_object"), Kind.JSON, ANY_OBJECT));
        }
        structured.refuse(REFUSED, "is not supported with this model");
        structured.ignore(MEANINGLESS, "is accepted and has no effect here");
        structured.end();
        if (asked.size() == before) {
            throw InvalidRequestException.at(
                    structured.path(),
                    RequestCode.MISSING_REQUIRED_PARAMETER,
                    "Missing required parameter: one of '" + structured.pathOf("json") + "', '"
                            + structured.pathOf("regex") + "', '" + structured.pathOf("choice") + "' and '"
                            + structured.pathOf("json_object") + "'.");
        }
    }

    private void readKinds(Fields fields, String prefix) throws InvalidRequestException {
        Optional<WireValue> json = fields.optional(prefix + "json");
        if (json.isPresent()) {
            asked.add(new Asked(json.get().path(), Kind.JSON, schema(json.get())));
        }
        Optional<WireValue> regex = fields.optional(prefix + "regex");
        if (regex.isPresent()) {
            FieldChecks.string(regex.get());
            asked.add(new Asked(regex.get().path(), Kind.REGEX, regex.get().node()));
        }
        Optional<WireValue> choice = fields.optional(prefix + "choice");
        if (choice.isPresent()) {
            for (WireValue text : FieldChecks.nonEmptyArray(choice.get())) {
                FieldChecks.string(text);
            }
            asked.add(new Asked(choice.get().path(), Kind.CHOICE, choice.get().node()));
        }
    }

    /** A schema, which vLLM takes as a string of JSON too. */
    private static JsonNode schema(WireValue value) throws InvalidRequestException {
        if (value.node().isObject()) {
            return value.node();
        }
        if (!value.node().isTextual()) {
            throw FieldChecks.wrongType(value, "an object or a string");
        }
        try {
            JsonNode parsed = OpenAiJson.read(FieldChecks.string(value));
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException e) {
            throw FieldChecks.invalid(value.path(), "expected a JSON schema, but got what is no JSON.");
        }
        throw FieldChecks.invalid(value.path(), "expected a JSON schema, but got JSON that is no object.");
    }

    private static AnswerFormat judged(Asked asked) throws InvalidRequestException {
        AnswerFormat format = new AnswerFormat(asked.kind(), asked.value());
        try {
            Grammars.of(format);
            return format;
        } catch (UnsupportedGrammarException e) {
            String path = asked.path() + e.path();
            throw InvalidRequestException.at(
                    path, RequestCode.UNSUPPORTED_VALUE, "Unsupported value: '" + path + "': " + e.getMessage() + ".");
        }
    }

    private record Asked(String path, Kind kind, JsonNode value) {}
}
