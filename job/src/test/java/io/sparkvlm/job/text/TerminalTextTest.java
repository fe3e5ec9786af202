package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TerminalTextTest {
    @Test
    void breaksAtSpacesAndWhereThereAreNone() {
        assertThat(TerminalText.wrap("one two three", 8)).containsExactly("one two", "three");
        assertThat(TerminalText.wrap("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
        assertThat(TerminalText.wrap("first\n\nsecond", 20)).containsExactly("first", "", "second");
        assertThat(TerminalText.wrap("exactly8 more", 8)).containsExactly("exactly8", "more");
    }

    @Test
    void countsCellsAndNotCharacters() {
        assertThat(TerminalText.width("猫a")).isEqualTo(3);
        assertThat(TerminalText.width("e\u0301")).isEqualTo(1);
        assertThat(TerminalText.width("🙂")).isEqualTo(2);
        assertThat(TerminalText.wrap("猫猫猫", 4)).containsExactly("猫猫", "猫");
        assertThat(TerminalText.wrap("猫猫", 1)).containsExactly("猫", "猫");
    }
}
