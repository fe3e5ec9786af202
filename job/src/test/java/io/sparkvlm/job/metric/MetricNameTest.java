package io.sparkvlm.job.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scores that lmms-eval gives were recorded by src/test/python/score_answers.py. */
final class MetricNameTest {
    @Test
    void scoresAreThoseOfLmmsEval() throws Exception {
        List<String> lines;
        try (InputStream file = new GZIPInputStream(MetricNameTest.class.getResourceAsStream("scores.jsonl.gz"))) {
            lines = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        ObjectMapper json = new ObjectMapper();
        Set<String> metrics = new TreeSet<>();
        for (String line : lines) {
            JsonNode row = json.readTree(line);
            MetricName name = MetricName.valueOf(row.get("metric").asText().toUpperCase(Locale.ROOT));
            metrics.add(name.toString());
            Gold gold = new Gold(texts(row.get("gold")), texts(row.get("choices")));
            assertThat(name.metric().score(row.get("answer").asText(), gold))
                    .as(line)
                    .isCloseTo(row.get("score").asDouble(), within(1e-12));
        }
        assertThat(lines).hasSize(6 * 1000);
        assertThat(metrics).containsExactly("anls", "choice", "exact", "normalized", "relaxed", "vqa");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The total is 1,234.50.             | 1234.5   | 1",
                "2 + 2 = 4                          | 4        | 1",
                "It costs $12, or 10 after the sale | 12       | 0",
                "-3.0                               | -3       | 1",
                "1.5e3 metres                       | 1500     | 1",
                "none that I can see                | 0        | 0",
                "0.1                                | .1       | 1",
                "A4 paper                           | 4        | 0",
            })
    void aNumberIsTheLastOfItsAnswer(String answer, String gold, double score) {
        assertThat(MetricName.NUMBER.metric().score(answer, new Gold(List.of(gold), List.of())))
                .isEqualTo(score);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\": 1, \"b\": [\"x\", \"y\"]} | {\"b\": [\"x\", \"y\"], \"a\": 1.0} | 1",
                "{\"a\": 1, \"b\": [\"x\", \"z\"]} | {\"b\": [\"x\", \"y\"], \"a\": 1, \"c\": null} | 0.5",
                "Here it is: ```json {\"a\": {}} ``` | {\"a\": {}} | 1",
                "no JSON | {\"a\": 1} | 0",
                "{\"a\": \"1\"} | {\"a\": 1} | 0",
            })
    void jsonIsScoredByTheValuesThatAreThere(String answer, String gold, double score) {
        assertThat(MetricName.JSON.metric().score(answer, new Gold(List.of(gold), List.of())))
                .isEqualTo(score);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "blue, 1", "B, 1", "b, 1", "0, 0", "2, 0", "red, 0"})
    void theRightChoiceIsNamedByLetterTextOrPlace(String gold, double score) {
        assertThat(MetricName.CHOICE.metric().score("(B)", new Gold(List.of(gold), List.of("red", "blue", "green"))))
                .isEqualTo(score);
    }

    @Test
    void nothingIsRightWithoutAGoldAnswer() {
        for (MetricName name : MetricName.values()) {
            assertThat(name.metric().score("blue", new Gold(List.of(), List.of())))
                    .as(name.toString())
                    .isZero();
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
