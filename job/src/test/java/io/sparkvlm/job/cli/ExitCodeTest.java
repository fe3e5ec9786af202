package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExitCodeTest {
    @Test
    void aJobWithoutAnAnswerHasFailedUnlessItsUserAllowsIt() {
        assertThat(ExitCode.of(1, Optional.empty())).isEqualTo(ExitCode.TOO_MANY_ERRORS);
        assertThat(ExitCode.of(0.99, Optional.empty())).isEqualTo(ExitCode.DONE);
        assertThat(ExitCode.of(0, Optional.empty())).isEqualTo(ExitCode.DONE); // of no rows, too
        assertThat(ExitCode.of(1, Optional.of(1.0))).isEqualTo(ExitCode.DONE);
        assertThat(ExitCode.of(0.3, Optional.of(0.2))).isEqualTo(ExitCode.TOO_MANY_ERRORS);
        assertThat(ExitCode.of(0.2, Optional.of(0.2))).isEqualTo(ExitCode.DONE);
    }
}
