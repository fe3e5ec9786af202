package io.sparkvlm.preprocessing.request.validation;

import static io.sparkvlm.preprocessing.Requests.bodyOfParts;
import static io.sparkvlm.preprocessing.Requests.bodyWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.ContractTable;
import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.Requests;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The requests of {@code resources/contract/refused.txt} are refused in its words. */
class RejectionsTest {
    static final RequestRules STRICT = new RequestRules(
            Requests.RULES.servedModelNames(),
            Strictness.STRICT,
            Requests.RULES.imagePixels(),
            Requests.RULES.mediaPerPrompt(),
            Requests.RULES.mostChoices(),
            Requests.RULES.defaults(),
            Requests.RULES.sampling(),
            Requests.RULES.seed(),
            Requests.RULES.vocabularySize());

    static List<ContractTable> refused() {
        return ContractTable.read("refused.txt", 4);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsAtFaultIsNamedStrictOrNot(ContractTable row) {
        for (RequestRules rules : List.of(Requests.RULES, STRICT)) {
            Rejection rejection = Requests.rejection(Requests.validate(rules, row.line()));

            assertThat(rejection.code().wireName())
                    .as(rejection.message())
                    .isEqualTo(row.expected().get(0));
            assertThat(rejection.param().orElse("-")).isEqualTo(row.expected().get(1));
            assertThat(rejection.message()).contains(row.expected().get(2));
            Messages.assertClean(rejection, row.line());
        }
    }

    @Test
    void aRefusedFieldIsRefusedForItsValueOnly() {
        List<ContractTable> byName = refused().stream()
                .filter(row -> row.section().contains("are not honoured"))
                .toList();

        assertThat(byName).hasSizeGreaterThan(30).allSatisfy(row -> {
            String field = row.expected().get(1);
            assertThat(Requests.valid(bodyWith("\"" + field + "\":null"))).isEqualTo(Requests.valid(bodyWith("")));
        });
    }

    static Stream<Arguments> typesOfFields() {
        return Stream.of(
                arguments("model", "a string"),
                arguments("max_completion_tokens", "an integer"),
                arguments("max_tokens", "an integer"),
                arguments("temperature", "a decimal"),
                arguments("top_p", "a decimal"),
                arguments("frequency_penalty", "a decimal"),
                arguments("presence_penalty", "a decimal"),
                arguments("stop", "a string or an array of strings"),
                arguments("seed", "an integer"),
                arguments("logprobs", "a boolean"),
                arguments("top_logprobs", "an integer"),
                arguments("n", "an integer"),
                arguments("stream", "a boolean"),
                arguments("stream_options", "an object"),
                arguments("response_format", "an object"),
                arguments("structured_outputs", "an object"),
                arguments("mm_processor_kwargs", "an object"),
                arguments("guided_json", "an object or a string"),
                arguments("guided_regex", "a string"),
                arguments("guided_choice", "an array"),
                arguments("top_k", "an integer"),
                arguments("min_p", "a decimal"),
                arguments("repetition_penalty", "a decimal"),
                arguments("ignore_eos", "a boolean"),
                arguments("min_tokens", "an integer"),
                arguments("stop_token_ids", "an array"),
                arguments("skip_special_tokens", "a boolean"));
    }

    @ParameterizedTest
    @MethodSource("typesOfFields")
    void aValueOfAnotherTypeIsRefusedAndNullIsAbsent(String field, String expected) {
        assertThat(Requests.valid(bodyWith("\"" + field + "\":null"))).isEqualTo(Requests.valid(bodyWith("")));
        for (List<String> value : List.of(
                List.of("a boolean", "true"),
                List.of("an integer", "7"),
                List.of("a decimal number", "0.5"),
                List.of("a string", "\"x\""),
                List.of("an array", "[]"),
                List.of("an object", "{}"))) {
            boolean fits = expected.contains(value.get(0)) || (expected.equals("a decimal") && isNumber(value.get(0)));
            if (!fits) {
                Rejection rejection = Requests.rejection(
                        Requests.validate(Requests.RULES, bodyWith("\"" + field + "\":" + value.get(1))));

                assertThat(rejection.code()).as(rejection.message()).isEqualTo(RequestCode.INVALID_TYPE);
                assertThat(rejection.param()).contains(field);
                assertThat(rejection.message())
                        .isEqualTo("Invalid type for '" + field + "': expected " + expected + ", but got "
                                + value.get(0) + " instead.");
            }
        }
    }

    private static boolean isNumber(String type) {
        return type.equals("an integer") || type.equals("a decimal number");
    }

    @Test
    void aStrictJobRefusesWhatNobodyKnows() {
        Rejection field = Requests.rejection(Requests.validate(STRICT, bodyWith("\"colour\":1")));
        Rejection longField =
                Requests.rejection(Requests.validate(STRICT, bodyWith("\"" + "😀".repeat(1000) + "\\ud800\":1")));
        Rejection inPart = Requests.rejection(
                Requests.validate(STRICT, bodyOfParts("{\"type\":\"text\",\"text\":\"a\",\"size\":1}")));

        assertThat(longField.param()).contains("😀".repeat(300));
        assertThat(field.code()).isEqualTo(RequestCode.UNKNOWN_PARAMETER);
        assertThat(field.param()).contains("colour");
        assertThat(inPart.param()).contains("messages[0].content[0].size");
        assertThat(Requests.value(Requests.validate(STRICT, bodyWith("\"user\":\"u\",\"colour\":null")))
                        .warnings())
                .hasSize(1);
    }
}
