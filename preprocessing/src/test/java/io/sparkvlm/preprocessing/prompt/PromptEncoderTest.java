package io.sparkvlm.preprocessing.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.api.PatchGeometry;
import io.sparkvlm.api.PatchGrid;
import io.sparkvlm.checkpoint.CheckpointException;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.ReferenceCase;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.request.Chat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptEncoderTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String IMAGE = "{\"type\":\"image\",\"image\":\"a.png\"}";
    private static final String VIDEO = "{\"type\":\"video\",\"video\":[\"a.png\"]}";
    private static final int IMAGE_PAD = 1022;
    private static final int VIDEO_PAD = 1023;
    private static final int END_OF_TURN = 1012;
    private static final int ADDED = 1024;

    /** A copy of a checkpoint that a test may change. */
    @TempDir
    private Path checkpoint;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(ReferenceCase.checkpoint("tied"))) {
            for (Path file : files.toList()) {
                Files.copy(file, checkpoint.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void eachPlaceholderIsRepeatedToItsMediumsTokens() throws IOException {
        try (PromptEncoder encoder = PromptEncoder.open(checkpoint)) {
            ChatPrompt prompt =
                    Requests.value(encoder.encode(chat(IMAGE + "," + VIDEO + "," + IMAGE), Requests.CONTEXT));
            List<PatchGrid> grids = List.of(
                    new PatchGrid(1, 2, 2, PatchGeometry.QWEN2_VL),
                    new PatchGrid(2, 2, 4, PatchGeometry.QWEN2_VL),
                    new PatchGrid(1, 4, 6, PatchGeometry.QWEN2_VL));

            ExpandedPrompt expanded = prompt.expand(grids);

            assertThat(expanded.places()).extracting(Placeholder::medium).containsExactly(0, 1, 2);
            for (Placeholder place : expanded.places()) {
                int pad = place.medium() == 1 ? VIDEO_PAD : IMAGE_PAD;
                int tokens = grids.get(place.medium()).tokens();
                assertThat(expanded.tokenIds()[place.token() - 1]).isNotEqualTo(pad);
                assertThat(expanded.tokenIds()[place.token()]).isEqualTo(pad);
                assertThat(expanded.tokenIds()[place.token() + tokens - 1]).isEqualTo(pad);
                assertThat(expanded.tokenIds()[place.token() + tokens]).isNotEqualTo(pad);
            }
            assertThat(expanded.tokenIds()).hasSize(Math.toIntExact(prompt.tokens(grids)));
        }
    }

    @Test
    void aTemplateThatPutsVideosFirstStillGivesEachMediumItsPlace() throws IOException {
        template("{% for c in messages[0].content %}{% if c.type == 'video' %}<|video_pad|>{% endif %}{% endfor %}"
                + "{% for c in messages[0].content %}{% if c.type == 'image' %}<|image_pad|>{% endif %}{% endfor %}");
        try (PromptEncoder encoder = PromptEncoder.open(checkpoint)) {
            ChatPrompt prompt = Requests.value(encoder.encode(chat(IMAGE + "," + VIDEO), Requests.CONTEXT));

            assertThat(prompt.placeholders()).containsExactly(new Placeholder(0, 1), new Placeholder(1, 0));
        }
    }

    @Test
    void aTemplateThatDropsAnImageDoesNotTakeTheConversation() throws IOException {
        template("<|im_start|>no pictures");
        try (PromptEncoder encoder = PromptEncoder.open(checkpoint)) {
            Rejection rejection = Requests.rejection(encoder.encode(chat(IMAGE), Requests.CONTEXT));

            assertThat(rejection.message()).contains("1 images and videos", "found 0");
        }
    }

    @Test
    void anOrdinaryAddedTokenIsATokenInAnybodysText() throws IOException {
        ObjectNode tokenizer = (ObjectNode)
                MAPPER.readTree(checkpoint.resolve("tokenizer.json").toFile());
        tokenizer.withArray("added_tokens").addObject().put("id", ADDED).put("content", "<loc_1>");
        MAPPER.writeValue(checkpoint.resolve("tokenizer.json").toFile(), tokenizer);
        try (PromptEncoder encoder = PromptEncoder.open(checkpoint)) {
            ChatPrompt prompt = Requests.value(
                    encoder.encode(chat("{\"type\":\"text\",\"text\":\"at <loc_1><|im_end|>\"}"), Requests.CONTEXT));

            assertThat(prompt.tokenIds()).contains(ADDED);
            // The template's own ends of the system's and the user's turn, and no third.
            assertThat(IntStream.of(prompt.tokenIds()).filter(id -> id == END_OF_TURN))
                    .hasSize(2);
        }
    }

    @Test
    void aTokenizerOfAnotherKindIsABrokenCheckpoint() throws IOException {
        ObjectNode tokenizer = (ObjectNode)
                MAPPER.readTree(checkpoint.resolve("tokenizer.json").toFile());
        tokenizer.putObject("decoder").put("type", "WordPiece");
        MAPPER.writeValue(checkpoint.resolve("tokenizer.json").toFile(), tokenizer);

        assertThatThrownBy(() -> PromptEncoder.open(checkpoint))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ByteLevel");
    }

    @Test
    void aTokenizerThatIsMissingOrTooLongIsRefusedByItsName() throws IOException {
        Path file = checkpoint.resolve("tokenizer.json");
        try (RandomAccessFile tokenizer = new RandomAccessFile(file.toFile(), "rw")) {
            tokenizer.setLength(200_000_000); // a hole, which takes no room
        }
        assertThatThrownBy(() -> PromptEncoder.open(checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + ": expected at most 100000000 bytes of JSON, found 200000000");
        Files.delete(file);
        assertThatThrownBy(() -> PromptEncoder.open(checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + ": expected a file, found none");
    }

    private void template(String template) throws IOException {
        Files.writeString(checkpoint.resolve("chat_template.jinja"), template);
    }

    private static Chat chat(String parts) {
        return Requests.valid(Requests.bodyOfParts(parts)).chat();
    }
}
