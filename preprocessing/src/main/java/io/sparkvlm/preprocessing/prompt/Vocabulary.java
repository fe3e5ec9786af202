package io.sparkvlm.preprocessing.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes that each token stands for, and which tokens are special. Read from tokenizer.json, model.vocab and
 * added_tokens. Thread-safe.
 */
final class Vocabulary {
    private static final byte[] NO_BYTES = {};

    private final byte[][] bytes;
    private final BitSet special;
    private final AddedTokens specialTokens;
    private final AddedTokens ordinaryTokens;

    private Vocabulary(
            byte[][] bytes, BitSet special, Map<String, Integer> specialTokens, Map<String, Integer> ordinaryTokens) {
        this.bytes = bytes;
        this.special = special;
        this.specialTokens = new AddedTokens(specialTokens);
        this.ordinaryTokens = new AddedTokens(ordinaryTokens);
    }

    /** The token's bytes; none for an id that the tokenizer does not know: a model's vocabulary is padded. */
    byte[] bytes(int id) {
        return id >= 0 && id < bytes.length && bytes[id] != null ? bytes[id] : NO_BYTES;
    }

    /** One above the largest id. */
    int size() {
        return bytes.length;
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    /** Tokens that steer the model: only a template may write them. */
    AddedTokens specialTokens() {
        return specialTokens;
    }

    /** Tokens that were added to the vocabulary and are matched in any text. */
    AddedTokens ordinaryTokens() {
        return ordinaryTokens;
    }

    private record AddedToken(String content, int id, boolean isSpecial) {}

    /** Collects the tokens of a tokenizer.json. */
    static final class Builder {
        /** A hundred times as many as Qwen2-VL has. */
        private static final int MOST_TOKENS = 1 << 24;

        private static final int FIRST_SIZE = 1 << 18;

        private final Path file;
        private byte[][] bytes = new byte[FIRST_SIZE][];
        private int size;
        private final List<AddedToken> added = new ArrayList<>();

        /**
         * Begins without a token.
         *
         * @param file what errors name
         */
        Builder(Path file) {
            this.file = file;
        }

        /** A token of model.vocab. */
        void add(String token, int id) throws CheckpointException {
            if (id < 0 || id >= MOST_TOKENS) {
                throw new CheckpointException(
                        file, "expected ids from 0 to " + (MOST_TOKENS - 1) + ", found " + id + " of '" + token + "'");
            }
            if (id >= bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(id + 1, 2 * bytes.length));
            }
            bytes[id] = ByteAlphabet.bytes(token);
            size = Math.max(size, id + 1);
        }

        /** A token of added_tokens; of those with one id the last of the file is meant, and before that of model.vocab. */
        void addAdded(JsonNode token) throws CheckpointException {
            String content = token.path("content").asText();
            JsonNode id = token.path("id");
            if (!id.isInt()) {
                throw new CheckpointException(
                        file, "expected an id for each of the added tokens, found " + id + " of '" + content + "'");
            }
            for (String flag : List.of("single_word", "lstrip", "rstrip")) {
                if (token.path(flag).asBoolean()) {
                    throw new CheckpointException(
                            file,
                            "expected added tokens that are matched as they are written, found '" + content + "' with "
                                    + flag);
                }
            }
            if (content.isEmpty()) {
                throw new CheckpointException(file, "expected a content for each of the added tokens, found none");
            }
            added.add(
                    new AddedToken(content, id.intValue(), token.path("special").asBoolean()));
        }

        Vocabulary build() throws CheckpointException {
            BitSet specialIds = new BitSet();
            Map<String, Integer> special = new LinkedHashMap<>();
            Map<String, Integer> ordinary = new LinkedHashMap<>();
            for (AddedToken token : added) {
                add(token.content(), token.id());
                (token.isSpecial() ? special : ordinary).put(token.content(), token.id());
            }
            special.values().forEach(specialIds::set);
            return new Vocabulary(Arrays.copyOf(bytes, size), specialIds, special, ordinary);
        }
    }
}
