package io.sparkvlm.job.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sparkvlm.job.text.JobRefusedException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class DeadlineOptionTest {
    private static final Instant NOW = Instant.parse("2026-11-27T18:00:00Z");

    @Test
    void isASpanOrATime() throws JobRefusedException {
        assertThat(DeadlineOption.parse("90s", NOW)).isEqualTo("2026-11-27T18:01:30Z");
        assertThat(DeadlineOption.parse("30m", NOW)).isEqualTo("2026-11-27T18:30:00Z");
        assertThat(DeadlineOption.parse("8H", NOW)).isEqualTo("2026-11-28T02:00:00Z");
        assertThat(DeadlineOption.parse("2d", NOW)).isEqualTo("2026-11-29T18:00:00Z");
        assertThat(DeadlineOption.parse("2026-12-01T06:00:00Z", NOW)).isEqualTo("2026-12-01T06:00:00Z");
        assertThat(DeadlineOption.parse("2026-12-01T06:00", NOW))
                .isEqualTo(LocalDateTime.of(2026, 12, 1, 6, 0)
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
    }

    @Test
    void refusesATimeThatIsOver() {
        assertThatExceptionOfType(JobRefusedException.class)
                .isThrownBy(() -> DeadlineOption.parse("2026-11-27T17:59:59Z", NOW))
                .withMessageContaining("which is over");
    }

    @Test
    void refusesWhatIsNeither() {
        for (String text : new String[] {"8", "8 hours", "tomorrow", "-8h", "2026-12-01"}) {
            assertThatExceptionOfType(JobRefusedException.class)
                    .isThrownBy(() -> DeadlineOption.parse(text, NOW))
                    .withMessageContaining("found \"" + text + "\"");
        }
    }
}
