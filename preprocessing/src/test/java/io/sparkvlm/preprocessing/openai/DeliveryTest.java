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
                    {}                                                                    | WHOLE
                    {"stream": false}                                                     | WHOLE
                    {"stream": null, "stream_options": {"include_usage": true}}           | WHOLE
                    {"messages": [{"stream": true}], "stream": "yes"}                     | WHOLE
                    {"messages": {"a": [1, {}]}, "stream": true}                          | PARTS
                    {"stream": false, "stream": true}                                     | PARTS
                    {"stream_options": {"x": {"include_usage": true}}, "stream": true}    | PARTS
                    {"stream_options": null, "stream": true}                              | PARTS
                    {"stream_options": {"include_usage": true, "x": [{}]}, "stream": true} | PARTS_AND_USAGE
                    [{"stream": true}]                                                    | WHOLE
                    {"stream": true                                                       | WHOLE
                    true                                                                  | WHOLE
                    """)
    void isWhatTheBodySays(String body, Delivery expected) {
        assertThat(Delivery.of(body)).isEqualTo(expected);
    }
}
