package io.sparkvlm.grammar.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AlphabetTest {
    @ParameterizedTest
    @EnumSource
    void readsItsCharactersAndNoOthersAsUtf8HasThem(Alphabet alphabet) {
        for (int code = 0; code <= Character.MAX_CODE_POINT; code++) {
            boolean character = code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE;
            byte[] bytes = Character.toString(code).getBytes(StandardCharsets.UTF_8);
            if (character && (read(alphabet, bytes) == Alphabet.BETWEEN) != alphabet.has(code)) {
                assertThat(code).as(Integer.toHexString(code)).isNegative();
            }
        }
    }

    /** Longer than need be, surrogates, beyond the last character, what continues nothing, and what is cut off. */
    @Test
    void readsNothingThatIsNoUtf8() {
        for (String hex : List.of(
                "C080", "C1BF", "E09FBF", "EDA080", "F08FBFBF", "F4908080", "F5808080", "80", "E661", "E2", "F09F98")) {
            assertThat(read(Alphabet.TEXT, HexFormat.of().parseHex(hex)))
                    .as(hex)
                    .isNotEqualTo(Alphabet.BETWEEN);
        }
    }

    private static int read(Alphabet alphabet, byte[] bytes) {
        int at = Alphabet.BETWEEN;
        for (byte value : bytes) {
            at = at == Alphabet.NONE ? at : alphabet.next(at, value & 0xFF);
        }
        return at;
    }
}
