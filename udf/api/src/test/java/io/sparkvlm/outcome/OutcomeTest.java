package io.sparkvlm.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final Rejection REJECTION = Rejection.at("seed", RequestCode.INVALID_TYPE, "expected an integer");

    @Test
    void aRejectionPassesThroughMapAndFlatMap() {
        Outcome<Integer> rejected = Outcome.rejected(REJECTION);

        Outcome<Integer> result = rejected.map(value -> value + 1).flatMap(value -> Outcome.ok(value * 2));

        assertThat(result).isEqualTo(rejected);
    }

    @Test
    void aValueIsMappedAndFolded() {
        Outcome<Integer> outcome = Outcome.ok(20).map(value -> value + 1).flatMap(value -> Outcome.ok(value * 2));

        String folded = outcome.fold(value -> "value " + value, Rejection::message);

        assertThat(folded).isEqualTo("value 42");
    }

    @Test
    void aLongMessageIsCutToItsLimit() {
        Rejection rejection = Rejection.of(EngineCode.SERVER_ERROR, "x".repeat(1000));

        assertThat(rejection.message()).hasSize(Rejection.MAX_MESSAGE_LENGTH).endsWith("…");
    }

    @Test
    void codesCarryTheirHttpStatusAndWireName() {
        assertThat(RequestCode.INVALID_JSON_LINE.status()).isEqualTo(400);
        assertThat(RequestCode.MODEL_NOT_FOUND.status()).isEqualTo(404);
        assertThat(EngineCode.ENGINE_OUT_OF_MEMORY.status()).isEqualTo(503);
        assertThat(EngineCode.SERVER_ERROR.type().wireName()).isEqualTo("server_error");
        assertThat(MediaCode.IMAGE_PARSE_ERROR.wireName()).isEqualTo("image_parse_error");
    }
}
