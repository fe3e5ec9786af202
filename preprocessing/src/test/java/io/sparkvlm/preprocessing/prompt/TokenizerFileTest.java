package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.preprocessing.ReferenceCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BYTES = "\"decoder\": {\"type\": \"ByteLevel\"}";

    @TempDir
    private Path folder;

    @Test
    void theRestOfACheckpointsFileIsTheFileWithoutWhatItAdds() throws IOException {
        Path file = ReferenceCase.checkpoint("tied").resolve("tokenizer.json");
        ObjectNode expected = (ObjectNode) JSON.readTree(file.toFile());
        expected.putArray("added_tokens");
        expected.putNull("truncation");
        expected.putNull("padding");

        assertThat(JSON.readTree(read(file).withoutAddedTokens())).isEqualTo(expected);
    }

    /** Characters of several bytes before, a space before each value, and fields of the same names deeper inside. */
    @Test
    void onlyTheOutermostFieldsAreReplacedAtTheirPlace() throws IOException {
        TokenizerFile read = read(
                """
                {"name": "ä€😀", "truncation": {"max_length": 5},
                 "model": {"vocab": {"a": 0, "\u0120b": 1}, "padding": {"x": 1}, "added_tokens": [1]},
                 "added_tokens" : [ {"id": 2, "content": "<x>", "special": true}, {"id": 1, "content": "<y>"},
                                   {"id": 3, "content": "<z>"}, {"id": 3, "content": "<w>", "special": true} ] ,
                 "padding": null, %s}
                """
                        .formatted(BYTES));

        assertThat(JSON.readTree(read.withoutAddedTokens()))
                .isEqualTo(JSON.readTree(
                        """
                {"name": "ä€😀", "truncation": null,
                 "model": {"vocab": {"a": 0, "\u0120b": 1}, "padding": {"x": 1}, "added_tokens": [1]},
                 "added_tokens" : [], "padding": null, %s}
                """
                                .formatted(BYTES)));
        assertThat(read.vocabulary().bytes(0)).containsExactly('a');
        assertThat(read.vocabulary().bytes(1)).containsExactly('<', 'y', '>'); // added, and before model.vocab's " b"
        assertThat(read.vocabulary().bytes(3)).containsExactly('<', 'w', '>'); // the last
        assertThat(read.vocabulary().size()).isEqualTo(4);
        assertThat(read.vocabulary().isSpecial(2)).isTrue();
        assertThat(read.vocabulary().isSpecial(1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"decoder\": {\"type\": \"WordPiece\"}}|ByteLevel",
                "{}|ByteLevel",
                "{\"added_tokens\": {}}|added_tokens",
                "{\"padding\": 5}|padding",
                "{\"model\": []}|model",
                "{\"model\": {\"vocab\": []}}|vocab",
                "{\"model\": {\"vocab\": {\"a\": 1.5}}}|'a'",
                "{\"model\": {\"vocab\": {\"a\": -1}}}|ids from 0",
                "{\"model\": {\"vocab\": {\"a\": 2147483647}}}|ids from 0",
                "{\"model\": {\"vocab\": {\"a\": 2147483648}}}|range of int",
                "{\"added_tokens\": [{\"id\": 1, \"content\": \"\"}]}|a content",
                "{\"added_tokens\": [{\"id\": 4294967301, \"content\": \"x\"}]}|found 4294967301 of 'x'",
                "{\"added_tokens\": [{\"content\": \"x\"}]}|an id",
                "{\"model\": {\"vocab\": {\"a\\nb\": -1}}}|of 'a b'",
                "{\"added_tokens\": [{\"id\": 1, \"content\": \"x\", \"lstrip\": true}]}|lstrip"
            })
    void whatIsNoTokenizerOfBytesIsRefusedByItsName(String json, String named) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": expected ")
                .hasMessageContaining(named);
    }

    @Test
    void anotherEncodingIsRefused() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, ("{" + BYTES + "}").getBytes(StandardCharsets.UTF_16LE));

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void whatOnlyTheLibraryCannotReadIsRefusedByTheFilesName() throws IOException {
        for (String rest : List.of("\"model\": {\"type\": \"Other\"}", "\"normalizer\": {\"type\": \"None such\"}")) {
            byte[] json = ("{" + BYTES + ", " + rest + "}").getBytes(StandardCharsets.UTF_8);

            assertThatThrownBy(() -> Tokenizer.of(folder.resolve("tokenizer.json"), json))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": expected ");
        }
    }

    private TokenizerFile read(String json) throws IOException {
        return read(Files.writeString(folder.resolve("tokenizer.json"), json));
    }

    /** What a file holds, for other tests too. */
    static TokenizerFile read(Path file) throws IOException {
        return TokenizerFile.parse(file, Files.readAllBytes(file));
    }
}
