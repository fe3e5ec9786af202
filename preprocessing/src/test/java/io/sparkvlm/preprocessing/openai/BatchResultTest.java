package io.sparkvlm.preprocessing.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchResultTest {
    @Test
    void isWrittenAsOpenAiWritesIt() {
        assertThat(new BatchResult("1f", "cat \"1\"", 200, "{\"id\":\"chatcmpl-1\"}").toJson())
                .isEqualTo("{\"id\":\"batch_req_1f\",\"custom_id\":\"cat \\\"1\\\"\",\"response\":{\"status_code\":200,"
                        + "\"request_id\":\"1f\",\"body\":{\"id\":\"chatcmpl-1\"}},\"error\":null}");
    }

    @Test
    void anErrorIsTheBodyOfItsResponse() {
        String body = BatchResult.errorBody(
                "expected \"a\"\nfound b", "invalid_request_error", Optional.of("messages[0].role"), "invalid_value");

        assertThat(body)
                .isEqualTo(
                        "{\"error\":{\"message\":\"expected \\\"a\\\"\\nfound b\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"messages[0].role\",\"code\":\"invalid_value\"}}");
    }

    @Test
    void anErrorOfTheWholeRowHasNoParam() {
        assertThat(BatchResult.errorBody("not JSON", "invalid_request_error", Optional.empty(), "invalid_json_line"))
                .contains("\"param\":null");
    }
}
