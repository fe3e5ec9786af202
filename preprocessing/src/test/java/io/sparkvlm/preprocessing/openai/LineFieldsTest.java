package io.sparkvlm.preprocessing.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the scan before the job takes for a line's custom_id is what the job takes for it. */
class LineFieldsTest {
    private static final String LINE = "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
            + "\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"h\\u00e9 \\\"\"}],\"seed\":-1.5e3,\"stop\":null}}";

    private static final String OF_TABLE = "of the table";
    private static final int MUTATIONS = 20_000;

    @Test
    void isThatOfTheWholeLine() {
        for (String line : List.of(
                LINE,
                "\uFEFF" + LINE,
                "\uFEFF\uFEFF" + LINE,
                "",
                " ",
                "[]",
                "\"custom_id\"",
                "{}",
                "{\"custom_id\":\"a\"}",
                "{\"custom_id\":\"a\",\"messages\":[]}",
                "{\"custom_id\":\"a\",\"messages\":[],\"body\":null}",
                "{\"custom_id\":null,\"body\":{}}",
                "{\"custom_id\":7,\"body\":{}}",
                "{\"custom_id\":[\"a\"],\"body\":{}}",
                "{\"custom_id\":\"a\",\"custom_id\":\"b\",\"body\":{}}",
                "{\"custom_id\":\"a\",\"custom_id\":1,\"body\":{}}",
                "{\"body\":{\"custom_id\":\"a\"}}",
                "{\"custom_id\":\"a\",\"body\":{}} x",
                "{\"custom_id\":\"a\",\"body\":{}}{}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":\"\u0001\"}}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":\"\\q\"}}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":01}}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":1e999999999}}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":" + "9".repeat(999) + "}}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":" + "9".repeat(1001) + "}}",
                "{\"custom_id\":\"a\",\"body\":{\"x\":0." + "9".repeat(1001) + "}}",
                "{\"custom_id\":\"a\",\"body\":{\"" + "x".repeat(60_000) + "\":1}}",
                "{\"custom_id\":\"" + "é😀".repeat(400) + "\",\"body\":{}}",
                "{\"custom_id\":\"\\ud800\",\"body\":{}}",
                "{\"custom_id\":\"a\",\"body\":" + "[".repeat(63) + "]".repeat(63) + "}",
                "{\"custom_id\":\"a\",\"body\":" + "[".repeat(64) + "]".repeat(64) + "}",
                "{\"custom_id\":\"a\",\"body\":[" + "{},".repeat(600_000) + "{}]}")) {
            isThatOfTheWholeLine(line);
        }
    }

    @Test
    void isThatOfTheWholeLineHoweverThatIsDamaged() {
        Random random = new Random(5);
        String alphabet = "\"\\{}[],:0e-.ubntcustom_idbodymessages \u0001\ud83d";
        for (int i = 0; i < MUTATIONS; i++) {
            StringBuilder line = new StringBuilder(LINE);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(4)) {
                    case 0 -> line.deleteCharAt(at);
                    case 1 -> line.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 2 -> line.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> line.insert(at, line.substring(at, at + random.nextInt(line.length() - at)));
                }
            }
            isThatOfTheWholeLine(line.toString());
        }
    }

    @Test
    void givesWhatStandsBesideABatchLineAsItIsWritten() {
        String line =
                "\uFEFF {\"split\" : \"t\\u00e9st\" ,\"custom_id\":\"a\",\"body\":{\"messages\":[]},\"model\":\"m\","
                        + "\"expected\":{\"a\": [1, 2.50]} , \"score\":-1.50e3,\"n\":12 ,\"none\":null,\"ok\":true,\"url\":\"u\"}";
        assertThat(LineFields.read(line).besides(Set.of("model")))
                .containsExactly(
                        entry("split", "\"t\\u00e9st\""),
                        entry("model", "\"m\""),
                        entry("expected", "{\"a\": [1, 2.50]}"),
                        entry("score", "-1.50e3"),
                        entry("n", "12"),
                        entry("none", "null"),
                        entry("ok", "true"));
    }

    @Test
    void givesWhatStandsBesideABody() {
        String line = "{\"messages\":[{\"x\":1}],\"model\":\"m\",\"gold\":1,\"custom_id\":\"a\",\"gold\":\""
                + "x".repeat(50_000) + "\"}";
        assertThat(LineFields.read(line).besides(Set.of("model", "messages")))
                .containsExactly(entry("gold", "\"" + "x".repeat(50_000) + "\""), entry("custom_id", "\"a\""));
    }

    @Test
    void givesNothingOfWhatIsNoRequest() {
        for (String line : List.of("{\"gold\":1", "{\"gold\":1} x", "[1]", "", "{\"gold\":01}")) {
            assertThat(LineFields.read(line).besides(Set.of())).isEmpty();
        }
    }

    private static void isThatOfTheWholeLine(String line) {
        Optional<BatchEnvelope> envelope =
                RequestLine.read(line).fold(RequestLine::envelope, rejection -> Optional.empty());
        Optional<String> expected = envelope.flatMap(BatchEnvelope::customId).isPresent()
                ? envelope.flatMap(BatchEnvelope::exactCustomId)
                : Optional.of(OF_TABLE);
        assertThat(LineFields.read(line).customId(Optional.of(OF_TABLE)))
                .as(line.substring(0, Math.min(line.length(), 500)))
                .isEqualTo(expected);
    }
}
