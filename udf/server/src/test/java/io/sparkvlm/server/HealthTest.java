package io.sparkvlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class HealthTest {
    @Test
    void anEngineThatHasWorkAndComputesNothingIsStuck() throws Exception {
        FakeEngine engine = new FakeEngine();
        try (LiveEngine live = new LiveEngine(() -> engine)) {
            Health patient = new Health(live, TestServer.NEVER);
            Health impatient = new Health(live, Duration.ofNanos(1));
            assertThat(impatient.reply().status()).isEqualTo(200);

            engine.isAtWork(true);
            assertThat(patient.reply().status()).isEqualTo(200);
            assertThat(impatient.reply().status()).as("it has only begun").isEqualTo(200);
            assertThat(patient.reply().status()).isEqualTo(200);
            assertThat(impatient.reply().status()).isEqualTo(503);
            engine.isAtWork(false);
            assertThat(impatient.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void aServerWhoseEngineCannotBeOpenedAgainIsNotHealthy() throws Exception {
        FakeEngine engine = new FakeEngine();
        AtomicBoolean opened = new AtomicBoolean();
        try (LiveEngine live = new LiveEngine(() -> {
            if (opened.getAndSet(true)) {
                throw new IOException("no device");
            }
            return engine;
        })) {
            live.replace(engine);

            assertThat(live.engine()).failsWithin(TestServer.NEVER);
            assertThat(new Health(live, TestServer.NEVER).reply().status()).isEqualTo(503);
        }
    }
}
