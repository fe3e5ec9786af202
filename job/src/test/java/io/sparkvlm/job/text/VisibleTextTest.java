package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VisibleTextTest {
    @Test
    void writesWhatSteersATerminalAsCodePoints() {
        assertThat(VisibleText.of("a\u001b[31mred\u0007\u009b0m\r\u007f"))
                .isEqualTo("a<U+001B>[31mred<U+0007><U+009B>0m<U+000D><U+007F>");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x202E, 0x2066, 0x2069, 0x200F, 0x061C, 0x200B, 0xFEFF, 0xE0041, 0x2028, 0xD800, 0xFFFF})
    void showsWhatTurnsOrHidesText(int c) {
        assertThat(VisibleText.of("a" + new String(Character.toChars(c)) + "b"))
                .isEqualTo(String.format("a<U+%04X>b", c));
    }

    @Test
    void leavesEveryLanguageAndEmojiAsTheyAre() {
        String text = "Grüße, 猫, שלום, नमस्ते, 👩‍👩‍👧 🇩🇪 ❤️\nsecond line";
        assertThat(VisibleText.of(text)).isEqualTo(text);
        assertThat(VisibleText.line("two\r\nlines")).isEqualTo("two<U+000A>lines");
    }

    @Test
    void saysHowMuchWasCut() {
        assertThat(VisibleText.cut("abc", 3)).isEqualTo("abc");
        assertThat(VisibleText.cut("abcde", 3)).isEqualTo("abc … (2 more characters)");
        assertThat(VisibleText.cut("🙂🙂", 1)).isEqualTo("🙂 … (1 more character)");
    }
}
