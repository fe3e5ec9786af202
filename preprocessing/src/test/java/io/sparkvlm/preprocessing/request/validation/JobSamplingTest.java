package io.sparkvlm.preprocessing.request.validation;

import static io.sparkvlm.preprocessing.Requests.bodyWith;
import static io.sparkvlm.preprocessing.Requests.rejection;
import static io.sparkvlm.preprocessing.Requests.validate;
import static io.sparkvlm.preprocessing.Requests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.request.GenerationParamsJson;
import io.sparkvlm.preprocessing.request.ValidRequest;
import io.sparkvlm.preprocessing.request.ValidRequest.TokenLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JobSamplingTest {
    /** What the job says, what the row says, and what is in force: a piece of the params. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "\"temperature\":0.5           | -                             | \"temperature\":0.5",
                "\"temperature\":0.5           | \"temperature\":1.5           | \"temperature\":1.5",
                "\"temperature\":0.5           | \"temperature\":null          | \"temperature\":0.5",
                "\"temperature\":0.5           | \"top_p\":0.5                 | \"temperature\":0.5,\"top_p\":0.5",
                "\"stop\":[\"a\",\"b\"]        | -                             | \"stop\":[\"a\",\"b\"]",
                "\"stop\":[\"a\",\"b\"]        | \"stop\":\"c\"                | \"stop\":[\"c\"]",
                "\"max_completion_tokens\":8   | -                             | \"max_completion_tokens\":8",
                "\"max_completion_tokens\":8   | \"max_tokens\":5              | \"max_completion_tokens\":5",
                "\"max_tokens\":8              | \"max_completion_tokens\":5   | \"max_completion_tokens\":5",
                "\"min_tokens\":8              | \"max_tokens\":5              | \"min_tokens\":5",
                "\"min_tokens\":8              | \"min_tokens\":2              | \"min_tokens\":2",
                "\"logprobs\":true,\"top_logprobs\":3 | -                      | \"logprobs\":true,\"top_logprobs\":3",
                "\"logprobs\":true,\"top_logprobs\":3 | \"logprobs\":false     | \"logprobs\":false",
                "\"logprobs\":true,\"top_logprobs\":3 | \"top_logprobs\":1     | \"logprobs\":true,\"top_logprobs\":1",
            })
    void isInForceWhereTheRowIsSilent(String job, String row, String expected) {
        ValidRequest request = value(validate(rules("{" + job + "}"), bodyWith(row == null ? "" : row)));

        assertThat(GenerationParamsJson.write(request.chat().generation())).contains(expected);
        assertThat(request.warnings()).isEmpty();
    }

    @Test
    void aBoundOfTheJobWasAskedForAndADefaultWasNot() {
        assertThat(value(validate(rules("{\"max_tokens\":8}"), bodyWith(""))).tokenLimit())
                .isEqualTo(TokenLimit.ASKED_FOR);
        assertThat(value(validate(Requests.RULES, bodyWith("\"max_tokens\":8"))).tokenLimit())
                .isEqualTo(TokenLimit.ASKED_FOR);
        assertThat(value(validate(Requests.RULES, bodyWith(""))).tokenLimit()).isEqualTo(TokenLimit.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\":3",
                "\"temperature\":\"hot\"",
                "\"top_k\":1.5",
                "\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]",
                "\"stop_token_ids\":[1024]",
                "\"max_completion_tokens\":0",
                "\"top_logprobs\":3",
                "\"min_tokens\":9,\"max_tokens\":8",
                "\"logprobs\":1",
                "\"tools\":[{}]",
                "\"temperatur\":1"
            })
    void isRefusedInTheWordsThatARequestIsRefusedIn(String job) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> validate(rules("{" + job + "}"), bodyWith("")))
                .withMessage(rejection(validate(RejectionsTest.STRICT, bodyWith(job)))
                        .message());
    }

    private static RequestRules rules(String job) {
        return new RequestRules(
                Requests.RULES.servedModelNames(),
                Requests.RULES.strictness(),
                Requests.RULES.imagePixels(),
                Requests.RULES.mediaPerPrompt(),
                Requests.RULES.mostChoices(),
                Requests.RULES.defaults(),
                new JobSampling(job),
                Requests.RULES.seed(),
                Requests.RULES.vocabularySize());
    }
}
