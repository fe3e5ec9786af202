package io.sparkvlm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClientTurnsTest {
    private static final int REFUSALS = 10;
    private static final long START = Long.MAX_VALUE - 5; // a clock that runs over
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long TENTH = SECOND / REFUSALS;

    private final ClientTurns turns = new ClientTurns(REFUSALS, START);

    @Test
    void requestsThatAreNotRefusedNeverWait() {
        for (int i = 0; i < 1000; i++) {
            assertThat(turns.next(START)).hasValue(0);
        }
    }

    @Test
    void asManyAsAreAllowedInASecondAreRefusedWithoutAWait() {
        for (int i = 0; i < REFUSALS; i++) {
            assertThat(turns.next(START)).hasValue(0);
            turns.refused(START);
        }
        turns.refused(START);
        assertThat(turns.next(START)).hasValue(TENTH);
    }

    @Test
    void thoseThatWaitHaveTheirTurnsOneAfterTheOther() {
        refuse(REFUSALS + 1);
        assertThat(turns.next(START)).hasValue(TENTH);
        assertThat(turns.next(START)).hasValue(2 * TENTH);
        assertThat(turns.next(START)).hasValue(3 * TENTH);
    }

    @Test
    void whatIsMoreThanASecondsTurnsIsToComeAgain() {
        refuse(2 * REFUSALS);
        assertThat(turns.next(START)).isEmpty();
        assertThat(turns.next(START + TENTH)).hasValue(SECOND - TENTH);
    }

    @Test
    void allIsForgottenAfterTwoSeconds() {
        refuse(1000);
        assertThat(turns.next(START)).isEmpty();
        assertThat(turns.next(START + SECOND)).hasValue(0);
        assertThat(turns.next(START + 2 * SECOND)).hasValue(0);
        turns.refused(START + 2 * SECOND);
        assertThat(turns.next(START + 2 * SECOND)).hasValue(0);
    }

    private void refuse(int times) {
        for (int i = 0; i < times; i++) {
            turns.refused(START);
        }
    }
}
