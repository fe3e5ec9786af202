package io.sparkvlm.preprocessing.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeliveryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                    | WHOLE | 1
                    {"stream": false}                                                     | WHOLE | 1
                    {"stream": null, "stream_options": {"include_usage": true}}           | WHOLE | 1
                    {"messages": [{"stream": true}], "stream": "yes"}                     | WHOLE | 1
                    {"messages": {"a": [1, {}]}, "stream": true}                          | PARTS | 1
                    {"stream": false, "stream": true}                                     | PARTS | 1
                    {"stream_options": {"x": {"include_usage": true}}, "stream": true}    | PARTS | 1
                    {"stream_options": null, "stream": true}                              | PARTS | 1
                    {"stream_options": {"include_usage": true, "x": [{}]}, "stream": true} | PARTS_AND_USAGE | 1
                    [{"stream": true}]                                                    | WHOLE | 1
                    {"stream": true                                                       | WHOLE | 1
                    true                                                                  | WHOLE | 1
                    {"custom_id": "a", "n": 2, "body": {"n": 3, "stream": true}}          | PARTS | 3
                    {"body": {"body": {"n": 3, "stream": true}, "n": 2}}                  | WHOLE | 2
                    {"n": 99999999999, "body": {"n": 3, "stream": true}}                  | PARTS | 3
                    {"n": 3}                                                              | WHOLE | 3
                    {"n": null, "stream": true}                                           | PARTS | 1
                    {"n": [2], "messages": [{"n": 4}]}                                    | WHOLE | 1
                    {"n": 99999999999}                                                    | WHOLE | 1
                    """)
    void isWhatTheBodySays(String body, Delivery.Form form, int choices) {
        assertThat(Delivery.of(body)).isEqualTo(new Delivery(form, choices));
    }
}
