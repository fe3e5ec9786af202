package io.sparkvlm.spark.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.Completion;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerBodyTest {
    /** Servers set it when the request came, or not at all. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":\"a\",\"created\":5,", "{\"id\":\"a\",\"created\":null,", "{\"id\":\"a\","})
    void isCreatedWhenItEnded(String start) {
        String body = start + "\"choices\":[{\"message\":{\"content\":\"yes\"},\"finish_reason\":\"stop\"}]}";
        Outcome<Completion> answer = AnswerBody.read(body, Instant.ofEpochSecond(1_800_000_000), 0);
        String response = answer.fold(Completion::response, rejection -> rejection.message());
        assertThat(response).contains("\"id\":\"a\"", "\"created\":1800000000", "\"yes\"");
    }
}
