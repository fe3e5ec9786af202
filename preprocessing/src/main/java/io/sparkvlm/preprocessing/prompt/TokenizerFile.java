package io.sparkvlm.preprocessing.prompt;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.checkpoint.JsonFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A checkpoint's tokenizer.json. Its merges, hundreds of thousands, are passed over: only Hugging Face's tokenizer reads them, and to
 * make nodes of them takes longer than it does.
 *
 * @param vocabulary what its tokens stand for
 * @param withoutAddedTokens the file, in UTF-8, but that it adds no tokens, and neither cuts nor pads
 */
record TokenizerFile(Vocabulary vocabulary, byte[] withoutAddedTokens) {
    private static final byte[] NONE_ADDED = "[]".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    /**
     * Parses bytes that came from the file.
     *
     * @throws IOException when they are no tokenizer of bytes
     */
    static TokenizerFile parse(Path file, byte[] json) throws IOException {
        Reader reader = new Reader(file, json);
        JsonFile.parseFields(file, json, reader::field);
        if (!reader.decoder.equals("ByteLevel")) {
            throw new CheckpointException(file, "expected a decoder of type ByteLevel, found '" + reader.decoder + "'");
        }
        return new TokenizerFile(reader.vocabulary.build(), reader.rest());
    }

    private static final class Reader {
        private final Path file;
        private final byte[] json;
        private final Vocabulary.Builder vocabulary;
        private final ByteArrayOutputStream rest;
        private int copied; // bytes of the file
        private String decoder = "";

        Reader(Path file, byte[] json) {
            this.file = file;
            this.json = json;
            this.vocabulary = new Vocabulary.Builder(file);
            this.rest = new ByteArrayOutputStream(json.length);
        }

        void field(String name, JsonParser value) throws IOException {
            int start = start(value);
            switch (name) {
                case "added_tokens" -> {
                    require(value, name, JsonToken.START_ARRAY);
                    JsonNode tokens = value.readValueAsTree();
                    for (JsonNode token : tokens) {
                        vocabulary.addAdded(token);
                    }
                    replace(start, value, NONE_ADDED);
                }
                case "truncation", "padding" -> {
                    if (value.currentToken() != JsonToken.VALUE_NULL) {
                        require(value, name, JsonToken.START_OBJECT);
                        value.skipChildren();
                        replace(start, value, NULL);
                    }
                }
                case "decoder" -> {
                    JsonNode node = value.readValueAsTree();
                    decoder = node.path("type").asText();
                }
                case "model" -> {
                    require(value, name, JsonToken.START_OBJECT);
                    model(value);
                }
                default -> value.skipChildren();
            }
        }

        private void model(JsonParser value) throws IOException {
            while (value.nextToken() != JsonToken.END_OBJECT) {
                boolean isVocabulary = value.currentName().equals("vocab");
                value.nextToken();
                if (!isVocabulary) {
                    value.skipChildren();
                    continue;
                }
                require(value, "vocab", JsonToken.START_OBJECT);
                while (value.nextToken() != JsonToken.END_OBJECT) {
                    String token = value.currentName();
                    value.nextToken();
                    require(value, "the id of '" + token + "'", JsonToken.VALUE_NUMBER_INT);
                    vocabulary.add(token, value.getIntValue());
                }
            }
        }

        private void require(JsonParser value, String name, JsonToken token) throws CheckpointException {
            if (value.currentToken() != token) {
                throw new CheckpointException(
                        file, "expected " + token + " for " + name + ", found " + value.currentToken());
            }
        }

        /** Where a token begins, in bytes. */
        private int start(JsonParser value) throws CheckpointException {
            long at = value.currentTokenLocation().getByteOffset();
            if (at < 0) { // Jackson counts characters of a file in another encoding
                throw new CheckpointException(file, "expected JSON in UTF-8");
            }
            return (int) at;
        }

        /** Writes something else for an array or an object that ends here. */
        private void replace(int start, JsonParser end, byte[] instead) throws CheckpointException {
            rest.write(json, copied, start - copied);
            rest.write(instead, 0, instead.length);
            copied = start(end) + 1;
        }

        private byte[] rest() {
            rest.write(json, copied, json.length - copied);
            return rest.toByteArray();
        }
    }
}
