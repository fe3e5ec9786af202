package io.sparkvlm.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokenizer of the tests' checkpoint with as many tokens as Qwen2's, and its template.
 *
 * <p>Each token that is added joins a token to a byte, so a space and a letter are one token.
 */
final class RandomTokenizer {
    /** Qwen2's tokenizer.json: the first control token. */
    private static final int TEXT_TOKENS = 151_643;

    private static final int BYTES = 256;

    private static final ObjectMapper JSON = new ObjectMapper();

    private RandomTokenizer() {}

    static void write(Path folder) throws IOException {
        for (String name : List.of("chat_template.json", "tokenizer_config.json")) {
            Files.copy(Checkout.smallCheckpoint().resolve(name), folder.resolve(name));
        }
        Files.writeString(
                folder.resolve("generation_config.json"),
                """
                {"bos_token_id": 151643, "pad_token_id": 151643, "do_sample": false, "eos_token_id": [151645, 151643]}
                """);
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(
                Checkout.smallCheckpoint().resolve("tokenizer.json").toFile());
        fill(tokenizer.withObject("/model/vocab"), tokenizer.withArray("/model/merges"));
        ArrayNode control = tokenizer.withArray("/added_tokens");
        for (int i = 0; i < control.size(); i++) {
            ((ObjectNode) control.get(i)).put("id", TEXT_TOKENS + i);
        }
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer);
    }

    private static void fill(ObjectNode vocabulary, ArrayNode merges) {
        List<String> given = new ArrayList<>();
        vocabulary.fieldNames().forEachRemaining(given::add); // the bytes come first
        for (String left : given) {
            for (String right : given.subList(0, BYTES)) {
                if (vocabulary.size() == TEXT_TOKENS) {
                    return;
                }
                if (!vocabulary.has(left + right)) {
                    vocabulary.put(left + right, vocabulary.size());
                    merges.addArray().add(left).add(right);
                }
            }
        }
    }
}
