package io.sparkvlm.preprocessing.request.validation;

import com.fasterxml.jackson.databind.node.NullNode;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.openai.WireValue;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.MessageContent;
import io.sparkvlm.preprocessing.request.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the messages of a conversation. */
final class MessageReader {
    private static final String SUPPORTED_ROLES = "'system', 'developer', 'user', and 'assistant'";
    private static final List<RefusedField> REFUSED = List.of(
            RefusedField.but("tool_calls", "[]"),
            RefusedField.but("function_call"),
            RefusedField.but("tool_call_id"),
            RefusedField.but("audio"));
    private static final List<String> MEANINGLESS = List.of("name", "refusal", "annotations", "reasoning_content");

    private final PartReader parts;
    private final RequestWarnings warnings;

    MessageReader(PartReader parts, RequestWarnings warnings) {
        this.parts = parts;
        this.warnings = warnings;
    }

    List<ChatMessage> read(List<WireValue> values) throws InvalidRequestException {
        List<ChatMessage> messages = new ArrayList<>(values.size());
        for (WireValue value : values) {
            messages.add(message(Fields.of(value, warnings)));
        }
        return messages;
    }

    private ChatMessage message(Fields message) throws InvalidRequestException {
        Role role = role(message.required("role"));
        MessageContent content = content(message, role);
        for (RefusedField field : REFUSED) {
            message.refuse(field, "is not supported with this model");
        }
        message.ignore(MEANINGLESS, "is accepted and has no effect here");
        message.end();
        return new ChatMessage(role, content);
    }

    private Role role(WireValue value) throws InvalidRequestException {
        String name = FieldChecks.string(value);
        return switch (name) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "assistent" -> {
                warnings.warn("'" + value.path() + "': 'assistent' is taken as 'assistant'");
                yield Role.ASSISTANT;
            }
            case "tool", "function" ->
                throw InvalidRequestException.at(
                        value.path(),
                        RequestCode.UNSUPPORTED_VALUE,
                        "Unsupported value: '" + value.path() + "' does not support '" + name
                                + "'. Supported values are: " + SUPPORTED_ROLES + ".");
            default ->
                throw FieldChecks.invalid(
                        value.path(),
                        "got " + FieldChecks.quoted(name) + ". Supported values are: " + SUPPORTED_ROLES + ".");
        };
    }

    private MessageContent content(Fields message, Role role) throws InvalidRequestException {
        Optional<WireValue> value = message.optional("content");
        // OpenAI lets an assistant say nothing, as it does beside a tool call, and no other role.
        if (value.isEmpty() && role == Role.ASSISTANT) {
            return new MessageContent.Text("");
        }
        if (message.isNull("content")) {
            throw FieldChecks.wrongType(
                    new WireValue(message.pathOf("content"), NullNode.getInstance()), "a string or an array of parts");
        }
        return content(message.required("content"));
    }

    private MessageContent content(WireValue value) throws InvalidRequestException {
        if (value.node().isTextual()) {
            return new MessageContent.Text(FieldChecks.string(value));
        }
        if (!value.node().isArray()) {
            throw FieldChecks.wrongType(value, "a string or an array of parts");
        }
        List<ContentPart> read = new ArrayList<>();
        for (WireValue part : FieldChecks.nonEmptyArray(value)) {
            read.add(parts.read(part));
        }
        return new MessageContent.Parts(read);
    }
}
