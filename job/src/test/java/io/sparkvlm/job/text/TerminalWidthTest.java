package io.sparkvlm.job.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalWidthTest {
    @Test
    void isWhatTheLauncherSays() {
        assertThat(TerminalWidth.of(Map.of("SPARKVLM_COLUMNS", "132"))).hasValue(132);
        assertThat(TerminalWidth.of(Map.of("SPARKVLM_COLUMNS", "7"))).hasValue(40);
    }

    @Test
    void isUnknownWhereNobodySaysIt() {
        assertThat(TerminalWidth.of(Map.of())).isEmpty();
        assertThat(TerminalWidth.of(Map.of("SPARKVLM_COLUMNS", ""))).isEmpty();
        assertThat(TerminalWidth.of(Map.of("SPARKVLM_COLUMNS", "0"))).isEmpty();
    }
}
