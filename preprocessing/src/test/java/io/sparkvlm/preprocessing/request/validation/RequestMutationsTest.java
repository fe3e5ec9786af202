package io.sparkvlm.preprocessing.request.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.Mutations;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A line that was a request once is one still, or an error in OpenAI's words. */
class RequestMutationsTest {
    @Test
    void aChangedLineIsARequestOrAnError() {
        Mutations mutations = new Mutations();
        int valid = 0;
        for (int i = 0; i < 5 * Mutations.COUNT; i++) {
            valid += RequestFuzz.isTaken(new String(mutations.of(RequestFuzz.seeds()), StandardCharsets.UTF_8)) ? 1 : 0;
        }
        assertThat(valid).isBetween(1, 5 * Mutations.COUNT);
    }
}
