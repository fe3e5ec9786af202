package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CellsTest {
    @Test
    void breaksAtSpacesAndWhereThereAreNone() {
        assertThat(Cells.wrap("one two three", 8)).containsExactly("one two", "three");
        assertThat(Cells.wrap("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
        assertThat(Cells.wrap("first\n\nsecond", 20)).containsExactly("first", "", "second");
        assertThat(Cells.wrap("exactly8 more", 8)).containsExactly("exactly8", "more");
    }

    @Test
    void countsCellsAndNotCharacters() {
        assertThat(Cells.width("猫a")).isEqualTo(3);
        assertThat(Cells.width("e\u0301")).isEqualTo(1);
        assertThat(Cells.width("🙂")).isEqualTo(2);
        assertThat(Cells.wrap("猫猫猫", 4)).containsExactly("猫猫", "猫");
        assertThat(Cells.wrap("猫猫", 1)).containsExactly("猫", "猫");
    }
}
