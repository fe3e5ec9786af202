package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.TokenConstraint;
import io.sparkvlm.checkpoint.JsonFile;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.request.Chat;
import io.sparkvlm.preprocessing.request.ChatMessage;
import io.sparkvlm.preprocessing.request.ContentPart;
import io.sparkvlm.preprocessing.request.GenerationParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a chat as a checkpoint's token ids, and reads ids as text. Thread-safe; holds the tokenizer's native memory
 * until closed.
 */
public final class PromptEncoder implements AutoCloseable {
    private final CheckpointSettings settings;
    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final String fingerprint;
    private final AnswerConstraints constraints;

    private PromptEncoder(CheckpointSettings settings, ChatTemplate template, Tokenizer tokenizer, String fingerprint) {
        this.settings = settings;
        this.template = template;
        this.tokenizer = tokenizer;
        this.fingerprint = fingerprint;
        this.constraints = new AnswerConstraints(tokenizer.vocabulary(), settings.vocabularySize());
    }

    /**
     * Reads the checkpoint's settings, template and tokenizer.
     *
     * @throws IOException when a file is missing or is not what a Qwen2-VL checkpoint has
     */
    public static PromptEncoder open(Path checkpoint) throws IOException {
        CheckpointSettings settings = CheckpointSettings.read(checkpoint);
        ChatTemplate template = ChatTemplate.open(checkpoint);
        Path tokenizer = checkpoint.resolve("tokenizer.json");
        byte[] json = JsonFile.bytes(tokenizer);
        String fingerprint = PromptFingerprint.of(checkpoint, json, settings);
        return new PromptEncoder(settings, template, Tokenizer.of(tokenizer, json), fingerprint);
    }

    public CheckpointSettings settings() {
        return settings;
    }

    /** Equal for checkpoints that make the same token ids of the same chat. */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * Renders and tokenizes; rejected when the checkpoint's template does not take the conversation, or when its text
     * alone, with one token for each medium, does not fit.
     */
    public Outcome<ChatPrompt> encode(Chat chat, ContextLength context) {
        List<MediaKind> media = new ArrayList<>();
        return rendered(chat, media)
                .flatMap(rendered -> tokenizer.encode(rendered, context).flatMap(ids -> PlaceholderExpansion.match(
                                ids, settings, media)
                        .map(placeholders -> new ChatPrompt(ids, placeholders))));
    }

    /** The text that the ids of a chat stand for. */
    Outcome<String> text(Chat chat) {
        return rendered(chat, new ArrayList<>()).map(tokenizer.escaper()::unescape);
    }

    /**
     * Writes the chat as the template has it, with what looks like a control token in a user's text escaped.
     *
     * @param media takes the kinds of the chat's media, in order
     */
    private Outcome<String> rendered(Chat chat, List<MediaKind> media) {
        List<Map<String, Object>> messages = new ArrayList<>(chat.messages().size());
        for (ChatMessage message : chat.messages()) {
            Object content =
                    message.content().<Object>fold(tokenizer.escaper()::escape, parts -> contents(parts, media));
            messages.add(Map.of("role", message.role().wireName(), "content", content));
        }
        return template.render(messages);
    }

    /** A listener for one generation, which turns its tokens into text. */
    public TextStream textStream(GenerationParams generation) {
        return new TextStream(tokenizer.vocabulary(), generation);
    }

    /** Which tokens an answer may be made of, where its request says what it must be. */
    public Optional<TokenConstraint> constraint(GenerationParams generation) {
        return generation.answerFormat().map(constraints::of);
    }

    private List<Map<String, Object>> contents(List<ContentPart> parts, List<MediaKind> media) {
        List<Map<String, Object>> contents = new ArrayList<>(parts.size());
        for (ContentPart part : parts) {
            contents.add(part.<Map<String, Object>>fold(
                    text -> Map.of("type", "text", "text", tokenizer.escaper().escape(text)), kind -> {
                        media.add(kind);
                        return Map.of("type", kind.name().toLowerCase(Locale.ROOT));
                    }));
        }
        return contents;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
