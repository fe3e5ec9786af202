package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Holds rows of the output to what was recorded. */
final class ReferenceRows {
    private ReferenceRows() {}

    /** Every recorded request is among the rows, once, and answered as recorded. */
    static void areAnsweredAsRecorded(List<Row> rows) throws IOException {
        JsonNode expected = Reference.expected();
        List<String> names = new ArrayList<>();
        expected.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            List<Row> answers = rows.stream()
                    .filter(row -> row.<String>getAs("custom_id").equals(name))
                    .toList();
            assertThat(answers).as(name).hasSize(1);
            isAnsweredAsRecorded(name, answers.get(0), expected.get(name));
        }
    }

    private static void isAnsweredAsRecorded(String name, Row row, JsonNode expected) throws IOException {
        assertThat(row.<Row>getAs("error")).as(name).isNull();
        assertThat(row.<String>getAs("text"))
                .as(name)
                .isEqualTo(expected.get("text").textValue());
        assertThat(row.<String>getAs("status")).isEqualTo("ok");
        assertThat(row.<Integer>getAs("status_code")).isEqualTo(200);
        assertThat(row.<String>getAs("finish_reason")).isEqualTo("length");
        Row usage = row.getAs("usage");
        long prompt = expected.get("prompt_tokens").longValue();
        long completion = expected.get("logprobs").size();
        assertThat(usage.<Long>getAs("prompt_tokens")).as(name).isEqualTo(prompt);
        assertThat(usage.<Long>getAs("completion_tokens")).as(name).isEqualTo(completion);
        assertThat(usage.<Long>getAs("total_tokens")).isEqualTo(prompt + completion);
        assertThat(usage.<Long>getAs("vision_tokens"))
                .isEqualTo(expected.get("vision_tokens").longValue());
        assertThat(grids(row)).as(name).isEqualTo(expected.get("grids").toString());
        assertThat(row.<Row>getAs("timing").<Double>getAs("total_ms")).isPositive();
        JsonNode params = Reference.JSON.readTree(row.<String>getAs("params"));
        assertThat(params.get("temperature").doubleValue()).isZero();
        assertThat(params.get("max_completion_tokens").longValue()).isEqualTo(completion);
        isTheCompletionOf(row, Reference.JSON.readTree(row.<String>getAs("response")), expected);
    }

    private static void isTheCompletionOf(Row row, JsonNode response, JsonNode expected) {
        assertThat(response.get("object").textValue()).isEqualTo("chat.completion");
        assertThat(response.get("id").textValue()).startsWith("chatcmpl-");
        assertThat(response.get("created").longValue()).isPositive();
        JsonNode choice = response.get("choices").get(0);
        assertThat(choice.get("index").intValue()).isZero();
        assertThat(choice.get("finish_reason").textValue()).isEqualTo("length");
        assertThat(choice.get("message").get("role").textValue()).isEqualTo("assistant");
        assertThat(choice.get("message").get("content").textValue()).isEqualTo(row.<String>getAs("text"));
        assertThat(choice.get("message").get("refusal").isNull()).isTrue();
        JsonNode usage = response.get("usage");
        assertThat(usage.get("prompt_tokens").longValue())
                .isEqualTo(row.<Row>getAs("usage").<Long>getAs("prompt_tokens"));
        assertThat(usage.get("total_tokens").longValue())
                .isEqualTo(row.<Row>getAs("usage").<Long>getAs("total_tokens"));
        JsonNode tokens = choice.get("logprobs").get("content");
        assertThat(tokens).hasSameSizeAs(expected.get("logprobs"));
        Iterator<JsonNode> recorded = expected.get("logprobs").iterator();
        for (JsonNode token : tokens) {
            assertThat(token.get("logprob").doubleValue())
                    .as(row.<String>getAs("custom_id"))
                    .isCloseTo(recorded.next().doubleValue(), within(1e-3));
        }
    }

    private static String grids(Row row) {
        return row.<Row>getList(row.fieldIndex("media")).stream()
                .map(media ->
                        media.<Integer>getList(media.fieldIndex("grid_thw")).toString())
                .toList()
                .toString()
                .replace(" ", "");
    }
}
