package io.sparkvlm.preprocessing.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WireTextTest {
    @Test
    void aTextIsCutBetweenCharacters() {
        assertThat(WireText.atMost(2, "😀😀😀")).isEqualTo("😀😀");
        assertThat(WireText.atMost(3, "😀😀😀")).isEqualTo("😀😀😀");
        assertThat(WireText.shortened(2, "a😀b")).isEqualTo("a😀…");
        assertThat(WireText.shortened(3, "a😀b")).isEqualTo("a😀b");
    }

    @Test
    void aSurrogateWithoutItsOtherHalfIsReplaced() {
        assertThat(WireText.wellFormed("a\uD83Db\uDE00😀\uD83D")).isEqualTo("a\uFFFDb\uFFFD😀\uFFFD");
    }
}
