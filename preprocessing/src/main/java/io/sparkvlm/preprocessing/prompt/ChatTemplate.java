package io.sparkvlm.preprocessing.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorType;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.tree.ExpressionNode;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import io.sparkvlm.checkpoint.JsonFile;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a conversation as one text with the checkpoint's Jinja template, which is parsed once.
 *
 * <p>Thread-safe: rendering reads the parsed template and keeps what it makes in an interpreter of its own.
 */
final class ChatTemplate {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChatTemplate.class);
    private static final String RAISED = "io.sparkvlm.raised";
    private static final Pattern STRING_LITERAL = Pattern.compile("'[^']*'|\"[^\"]*\"");
    private static final Pattern FILTER = Pattern.compile("\\|\\s*([A-Za-z_]\\w*)");

    private final Jinjava jinjava;
    private final Node parsed;
    private final Map<String, Object> specialTokens;
    /** Filters and functions; each thread has its own, because what a rendering resolves is noted in it, too. */
    private final ThreadLocal<Context> roots;

    private ChatTemplate(Jinjava jinjava, Node parsed, Map<String, Object> specialTokens) {
        this.jinjava = jinjava;
        this.parsed = parsed;
        this.specialTokens = specialTokens;
        this.roots = ThreadLocal.withInitial(() -> jinjava.newInterpreter().getContext());
    }

    /** Takes the template from chat_template.jinja, chat_template.json or tokenizer_config.json, the first there is. */
    static ChatTemplate open(Path checkpoint) throws IOException {
        Jinjava jinjava = new Jinjava(JinjavaConfig.newBuilder()
                // On, it would execute what a user wrote in braces.
                .withNestedInterpretationEnabled(false)
                // As transformers compiles its templates.
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .build())
                .build());
        jinjava.registerFunction(
                new ELFunctionDefinition("", "raise_exception", ChatTemplate.class, "raise", Object.class));
        JinjavaInterpreter interpreter = jinjava.newInterpreter();
        Node parsed = interpreter.parse(source(checkpoint));
        Optional<String> fault = fault(interpreter).or(() -> unknownFilter(parsed, interpreter.getContext()));
        if (fault.isPresent()) {
            throw new IOException(
                    "expected a chat template that can be rendered in " + checkpoint + ", found: " + fault.get());
        }
        return new ChatTemplate(jinjava, parsed, specialTokens(checkpoint));
    }

    /**
     * Renders a conversation with the opening of the assistant's turn.
     *
     * @param messages as the template takes them: role, and content as a string or as parts
     */
    Outcome<String> render(List<Map<String, Object>> messages) {
        AtomicReference<Object> raised = new AtomicReference<>();
        Context root = roots.get();
        JinjavaInterpreter interpreter =
                new JinjavaInterpreter(jinjava, new Context(root, specialTokens), jinjava.getGlobalConfig());
        interpreter.getContext().put("messages", messages);
        interpreter.getContext().put("add_generation_prompt", true);
        interpreter.getContext().put(RAISED, raised);
        JinjavaInterpreter.pushCurrent(interpreter);
        try {
            String rendered = interpreter.render(parsed);
            return Optional.ofNullable(raised.get())
                    .map(Object::toString)
                    .or(() -> placeOfFault(interpreter))
                    .map(ChatTemplate::rejected)
                    .orElseGet(() -> Outcome.ok(rendered));
        } finally {
            JinjavaInterpreter.popCurrent();
            root.reset();
        }
    }

    /** The template's own way to refuse a conversation; called by reflection. */
    @SuppressWarnings("unchecked")
    public static Object raise(Object message) {
        // A block of the template has a scope of its own, so what it sets is lost; what it finds it can change.
        AtomicReference<Object> raised = (AtomicReference<Object>)
                JinjavaInterpreter.getCurrent().getContext().get(RAISED);
        raised.compareAndSet(null, message);
        throw new IllegalArgumentException("the template raised an exception");
    }

    private static Outcome<String> rejected(String fault) {
        return Outcome.rejected(Rejection.at(
                "messages",
                RequestCode.INVALID_VALUE,
                "The model's chat template does not take these messages: " + fault));
    }

    private static Optional<String> fault(JinjavaInterpreter interpreter) {
        return faults(interpreter).map(TemplateError::getMessage).findFirst();
    }

    /** All that a row's author is told; the library's own words, which name its classes, are for the log. */
    private static Optional<String> placeOfFault(JinjavaInterpreter interpreter) {
        Optional<TemplateError> fault = faults(interpreter).findFirst();
        fault.ifPresent(error -> LOGGER.warn("the chat template fails: {}", error.getMessage()));
        return fault.map(error -> "it fails at its line " + error.getLineno());
    }

    private static Stream<TemplateError> faults(JinjavaInterpreter interpreter) {
        return interpreter.getErrorsCopy().stream().filter(error -> error.getSeverity() == ErrorType.FATAL);
    }

    /** jinjava would render an expression with an unknown filter as nothing, and the prompt would be wrong in silence. */
    private static Optional<String> unknownFilter(Node node, Context known) {
        Stream<String> own = node instanceof TagNode || node instanceof ExpressionNode
                ? FILTER.matcher(STRING_LITERAL
                                .matcher(node.getMaster().getImage())
                                .replaceAll("''"))
                        .results()
                        .map(match -> match.group(1))
                : Stream.empty();
        return own.filter(name -> known.getFilter(name) == null)
                .map(name -> "unknown filter '" + name + "'")
                .findFirst()
                .or(() -> node.getChildren().stream()
                        .flatMap(child -> unknownFilter(child, known).stream())
                        .findFirst());
    }

    static String source(Path checkpoint) throws IOException {
        Path jinja = checkpoint.resolve("chat_template.jinja");
        if (Files.exists(jinja)) {
            return withoutLastNewline(Files.readString(jinja));
        }
        JsonNode file = JsonFile.readIfThere(checkpoint.resolve("chat_template.json"));
        for (JsonNode holder : List.of(file, tokenizerConfig(checkpoint))) {
            if (holder.path("chat_template").isTextual()) {
                return withoutLastNewline(holder.get("chat_template").textValue());
            }
            for (JsonNode named : holder.path("chat_template")) {
                if (named.path("name").asText().equals("default")) {
                    return withoutLastNewline(named.path("template").asText());
                }
            }
        }
        throw new IOException("expected chat_template.jinja, or a chat_template in chat_template.json or"
                + " tokenizer_config.json, in " + checkpoint + ", found none");
    }

    /** Jinja drops one newline at a template's end; jinjava keeps it. */
    private static String withoutLastNewline(String template) {
        return template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    }

    static Map<String, Object> specialTokens(Path checkpoint) throws IOException {
        JsonNode tokenizerConfig = tokenizerConfig(checkpoint);
        Map<String, Object> tokens = new HashMap<>();
        for (String name : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
            JsonNode token = tokenizerConfig.path(name);
            String content = token.isTextual()
                    ? token.textValue()
                    : token.path("content").asText();
            if (!content.isEmpty()) {
                tokens.put(name, content);
            }
        }
        return tokens;
    }

    private static JsonNode tokenizerConfig(Path checkpoint) throws IOException {
        return JsonFile.readIfThere(checkpoint.resolve("tokenizer_config.json"));
    }
}
