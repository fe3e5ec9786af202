package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.fetch.ColumnValue;
import io.sparkvlm.preprocessing.fetch.RowColumns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which requests have the same answer. */
final class RequestKeyTest {
    private static final String PICTURE = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\"}}";

    private static Preprocessor preprocessor;

    @BeforeAll
    static void open() throws IOException {
        preprocessor =
                Preprocessor.open(ReferenceCase.checkpoint("tied"), Configs.reading(ReferenceCase.media("tied")));
    }

    @AfterAll
    static void close() {
        preprocessor.close();
    }

    @Test
    void isTheSameHoweverARequestIsWritten() {
        String plain = "{\"messages\":[{\"role\":\"user\",\"content\":\"cat\"}],\"temperature\":0}";
        assertThat(key("a", plain)).isPresent().isEqualTo(key("b", plain));
        assertThat(key("b", " {\"temperature\": 0.0, \"messages\": [{\"content\": \"cat\", \"role\": \"user\"}]}"))
                .as("order and spaces")
                .isEqualTo(key("a", plain));
        assertThat(key(
                        "b",
                        "{\"custom_id\":\"x\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + plain
                                + "}"))
                .as("an envelope with an id")
                .isEqualTo(key("a", plain));
        assertThat(key("b", plain.replace("}],", "}],\"n\":1,\"model\":\"served\",")))
                .as("what is the default")
                .isEqualTo(key("a", plain));
        assertThat(key("b", plain.replace("}],", "}],\"seed\":4,")))
                .as("a seed that decides nothing")
                .isEqualTo(key("a", plain));
    }

    @Test
    void differsWithAllThatDecidesAnAnswer() {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"cat\"},"
                + PICTURE + "]}],\"temperature\":0}";
        List<String> others = List.of(
                request.replace("\"cat\"", "\"cats\""),
                request.replace("user", "system"),
                request.replace("a.png", "b.png"),
                request.replace("\"a.png\"", "\"a.png\",\"max_pixels\":5000"),
                request.replace(PICTURE, PICTURE + "," + PICTURE),
                request.replace(",\"temperature\":0", ",\"temperature\":0,\"max_tokens\":3"),
                request.replace(",\"temperature\":0", ",\"temperature\":0,\"stop\":[\"x\"]"),
                request.replace(",\"temperature\":0", ",\"temperature\":1,\"seed\":4"),
                request.replace(",\"temperature\":0", ",\"temperature\":0,\"store\":true"), // a warning of its own
                request.replace(
                        "{\"type\":\"text\",\"text\":\"cat\"}," + PICTURE,
                        PICTURE + ",{\"type\":\"text\",\"text\":\"cat\"}"));
        assertThat(others)
                .allSatisfy(other -> assertThat(key("a", other)).isPresent().isNotEqualTo(key("a", request)));
        assertThat(others.stream().map(other -> key("a", other))).doesNotHaveDuplicates();
    }

    @Test
    void dependsOnTheBytesOfAColumnAndNotOnItsName() {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":[" + PICTURE.replace("a.png", "column:image")
                + "]}],\"temperature\":0}";
        Optional<String> one = key("a", request, new ColumnValue.Bytes(bytes("one")));
        assertThat(key("b", request, new ColumnValue.Bytes(bytes("one")))).isEqualTo(one);
        assertThat(key("b", request, new ColumnValue.Bytes(bytes("two")))).isNotEqualTo(one);
        assertThat(key("b", request, new ColumnValue.Location("a.png"))).isNotEqualTo(one);
        assertThat(key("b", request, new ColumnValue.Location("a.png")))
                .isNotEqualTo(key("b", request, new ColumnValue.Location("b.png")));
    }

    @Test
    void isThereWhereNothingIsDrawnFromTheRowsOwnSeed() {
        String sampled = "{\"messages\":[{\"role\":\"user\",\"content\":\"cat\"}],\"temperature\":1}";
        assertThat(key("a", sampled)).isEmpty();
        String seeded = sampled.replace("}],", "}],\"seed\":7,");
        assertThat(key("a", seeded)).isPresent().isEqualTo(key("b", seeded));
        assertThat(key("a", seeded)).isNotEqualTo(key("a", seeded.replace("7", "8")));
        assertThat(key("a", sampled.replace("cat\"", "cat\", \"role\": 5")))
                .as("no request")
                .isEmpty();
        assertThat(key("a", "{")).isEmpty();
    }

    private static Optional<String> key(String rowId, String json) {
        return key(rowId, json, new ColumnValue.Unusable("no columns"));
    }

    private static Optional<String> key(String rowId, String json, ColumnValue value) {
        RowColumns columns = new RowColumns() {
            @Override
            public ColumnValue find(String path) {
                return value;
            }

            @Override
            public long bytes() {
                return 0;
            }
        };
        return preprocessor.key(new RequestRow(rowId, Optional.empty(), json, columns));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
