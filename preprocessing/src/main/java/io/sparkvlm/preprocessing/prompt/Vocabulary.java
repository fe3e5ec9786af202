package io.sparkvlm.preprocessing.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes that each token stands for, and which tokens are special. Read from tokenizer.json, model.vocab and
 * added_tokens. Thread-safe.
 */
final class Vocabulary {
    private static final byte[] NO_BYTES = {};
    private static final int BYTE_VALUES = 256;

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

    static Vocabulary of(JsonNode tokenizer) throws IOException {
        String decoder = tokenizer.path("decoder").path("type").asText();
        if (!decoder.equals("ByteLevel")) {
            throw new IOException("expected a decoder of type ByteLevel in tokenizer.json, found '" + decoder + "'");
        }
        Map<Integer, byte[]> byId = new HashMap<>();
        Map<Character, Byte> byteOf = byteAlphabet();
        for (Map.Entry<String, JsonNode> entry :
                tokenizer.path("model").path("vocab").properties()) {
            byId.put(entry.getValue().intValue(), bytes(entry.getKey(), byteOf));
        }
        Map<String, Integer> special = new LinkedHashMap<>();
        Map<String, Integer> ordinary = new LinkedHashMap<>();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            String content = token.path("content").asText();
            int id = token.path("id").intValue();
            requireVerbatim(token, content);
            (token.path("special").asBoolean() ? special : ordinary).put(content, id);
            byId.put(id, bytes(content, byteOf));
        }
        byte[][] table = new byte
                [byId.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1][];
        byId.forEach((id, value) -> table[id] = value);
        BitSet specialIds = new BitSet();
        special.values().forEach(specialIds::set);
        return new Vocabulary(table, specialIds, special, ordinary);
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

    private static void requireVerbatim(JsonNode token, String content) throws IOException {
        for (String flag : List.of("single_word", "lstrip", "rstrip")) {
            if (token.path(flag).asBoolean()) {
                throw new IOException("expected added tokens that are matched as they are written in tokenizer.json,"
                        + " found '" + content + "' with " + flag);
            }
        }
        if (content.isEmpty()) {
            throw new IOException("expected a content for each of the added tokens in tokenizer.json, found none");
        }
    }

    /** A token whose characters all stand for bytes is those bytes; another one is its own text. */
    private static byte[] bytes(String token, Map<Character, Byte> byteOf) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(token.length());
        for (int i = 0; i < token.length(); i++) {
            Byte value = byteOf.get(token.charAt(i));
            if (value == null) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            out.write(value);
        }
        return out.toByteArray();
    }

    /** GPT-2's bytes_to_unicode, read backwards: printable bytes are themselves, the others follow from U+0100 on. */
    private static Map<Character, Byte> byteAlphabet() {
        Map<Character, Byte> byteOf = new HashMap<>();
        int next = BYTE_VALUES;
        for (int value = 0; value < BYTE_VALUES; value++) {
            boolean printable = (value >= '!' && value <= '~')
                    || (value >= '\u00A1' && value <= '\u00AC')
                    || (value >= '\u00AE' && value <= '\u00FF');
            byteOf.put((char) (printable ? value : next++), (byte) value);
        }
        return byteOf;
    }
}
