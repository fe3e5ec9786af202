package io.sparkvlm.preprocessing.request.validation;

import static io.sparkvlm.preprocessing.Requests.bodyWith;
import static io.sparkvlm.preprocessing.Requests.rejection;
import static io.sparkvlm.preprocessing.Requests.validate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sparkvlm.preprocessing.Requests;
import io.sparkvlm.preprocessing.openai.WireValue;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KnownFieldsTest {
    /** No field takes a list of lists; {@code messages} is in the body anyway. */
    @ParameterizedTest
    @MethodSource("fields")
    void isReadByTheValidator(String field) {
        String body = field.equals("messages") ? "{\"messages\":[[]]}" : bodyWith("\"" + field + "\":[[]]");

        assertThat(rejection(validate(Requests.RULES, body)).param())
                .hasValueSatisfying(param -> assertThat(param).startsWith(field));
    }

    static List<String> fields() {
        return Stream.concat(RequestValidator.honouredFields().stream(), RequestValidator.singleValuedFields().stream())
                .toList();
    }

    @Test
    void aValueThatAsksForNothingIsTakenAsNoFieldAtAll() {
        RequestValidator.valuesThatAskForNothing()
                .forEach((field, values) -> assertThat(values).isNotEmpty().allSatisfy(value -> assertThat(
                                Requests.valid(bodyWith("\"" + field + "\":" + value)))
                        .as(field)
                        .isEqualTo(Requests.valid(bodyWith("")))));
    }

    @Test
    void noOtherFieldOfABodyCanBeRead() throws InvalidRequestException {
        Fields body = FieldPolicy.open(
                new WireValue("", JsonNodeFactory.instance.objectNode()), new RequestWarnings(Strictness.LENIENT));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> body.optional("beam_width"))
                .withMessageContaining("beam_width");
    }
}
