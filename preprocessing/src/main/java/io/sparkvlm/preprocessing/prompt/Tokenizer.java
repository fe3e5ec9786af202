package io.sparkvlm.preprocessing.prompt;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.outcome.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Turns a rendered prompt into token ids.
 *
 * <p>The control tokens in it are found here, before the text is unescaped; Hugging Face's tokenizer sees only what
 * stands between them, and has no added tokens that it could find there. The text between two control tokens is one
 * piece, the template's words and the user's together, as it is for transformers. Thread-safe.
 */
final class Tokenizer implements AutoCloseable {
    // DJL's switches: no call home, no download, no look for a GPU.
    private static final Map<String, String> PROCESS_SETTINGS =
            Map.of("ai.djl.offline", "true", "OPT_OUT_TRACKING", "true", "RUST_FLAVOR", "cpu");
    // DJL's defaults cut at 512 tokens and pad.
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    private final HuggingFaceTokenizer withoutAddedTokens;
    private final Vocabulary vocabulary;
    private final ControlTokenEscaper escaper;
    private final TokenLowerBound lowerBound;

    private Tokenizer(HuggingFaceTokenizer withoutAddedTokens, Vocabulary vocabulary, ControlTokenEscaper escaper) {
        this.withoutAddedTokens = withoutAddedTokens;
        this.vocabulary = vocabulary;
        this.escaper = escaper;
        this.lowerBound = new TokenLowerBound(vocabulary);
    }

    /**
     * Opens a tokenizer.
     *
     * @param path of its tokenizer.json, which errors name
     * @param json what the file holds
     * @throws IOException when it is no tokenizer of bytes
     */
    static Tokenizer of(Path path, byte[] json) throws IOException {
        TokenizerFile file = TokenizerFile.parse(path, json);
        Vocabulary vocabulary = file.vocabulary();
        // DJL reads them when its classes load; a value that was set before is kept.
        PROCESS_SETTINGS.forEach((key, value) -> System.getProperties().putIfAbsent(key, value));
        ControlTokenEscaper escaper =
                new ControlTokenEscaper(vocabulary.specialTokens().contents()); // may refuse, before anything is native
        return new Tokenizer(withoutAddedTokens(path, file), vocabulary, escaper);
    }

    private static HuggingFaceTokenizer withoutAddedTokens(Path path, TokenizerFile file) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.withoutAddedTokens()), OPTIONS);
        } catch (RuntimeException e) { // which its native half throws, of whatever it cannot read
            throw new CheckpointException(path, "expected a tokenizer of Hugging Face's kind: " + e.getMessage(), e);
        }
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    ControlTokenEscaper escaper() {
        return escaper;
    }

    /**
     * Tokenizes a prompt, as far as it fits.
     *
     * @param rendered a prompt in which only the template's own words are without {@link #escaper}
     */
    Outcome<int[]> encode(String rendered, ContextLength context) {
        long least = lowerBound(rendered);
        if (!context.holds(least)) {
            return context.exceeded(least);
        }
        Encoding encoding = new Encoding(context);
        split(rendered, encoding::add, encoding::addPiece);
        return encoding.fits() ? Outcome.ok(encoding.ids.build().toArray()) : context.exceeded(encoding.tokens);
    }

    private long lowerBound(String rendered) {
        AtomicLong tokens = new AtomicLong();
        split(rendered, id -> tokens.incrementAndGet(), piece -> tokens.addAndGet(lowerBound.of(piece)));
        return tokens.get();
    }

    private void split(String rendered, IntConsumer onToken, Consumer<String> onPiece) {
        vocabulary.specialTokens().split(rendered, onToken, text -> vocabulary
                .ordinaryTokens()
                .split(escaper.unescape(text), onToken, onPiece));
    }

    /** The ids of one prompt; what comes after too many is passed over. */
    private final class Encoding {
        private final IntStream.Builder ids = IntStream.builder();
        private final ContextLength context;
        private long tokens;

        Encoding(ContextLength context) {
            this.context = context;
        }

        boolean fits() {
            return context.holds(tokens);
        }

        void add(int id) {
            if (fits()) {
                ids.add(id);
                tokens++;
            }
        }

        void addPiece(String piece) {
            if (!fits()) {
                return;
            }
            for (long id : withoutAddedTokens.encode(piece, false, false).getIds()) {
                if (vocabulary.isSpecial((int) id)) {
                    throw new IllegalStateException("a text became the control token " + id);
                }
                add((int) id);
            }
        }
    }

    @Override
    public void close() {
        withoutAddedTokens.close();
    }
}
