package io.sparkvlm.preprocessing.fetch.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.fetch.http.SsrfTrial.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What strangers' lists are put through would notice if one of their URLs were dialled. */
class SsrfTrialTest {
    /** As lists write them, with the port for PORT. */
    private static final List<String> LISTED = List.of(
            "http://google.com:80+&@127.88.23.245:PORT/#+@google.com:80/",
            "http://127.88.23.245:PORT/+&@google.com:80#+@google.com:80/",
            "http://google.com:80+&@google.com:80#+@127.88.23.245:PORT/",
            "http://127.88.23.245:PORT/?@google.com:80/",
            "http://google.com:80\\\\@127.88.23.245:PORT/",
            "http://127.0.0.1:PORT\\tgoogle.com/",
            "http://google.com@@@127.0.0.1:PORT/",
            "0://127.0.0.1:PORT;google.com:80/",
            "http://127.0.0.1.nip.io:PORT/",
            "http://localtest.me:PORT/",
            "http://[::ffff:a9fe:a9fe]:PORT/",
            "http://425.510.425.510:PORT/",
            "http://\u2460\u2461\u2466.0.0.1:PORT/");

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCanaryHearsWhoComes() throws Exception {
        boolean listened = false;
        while (!listened) { // another program may take a port that was free
            listened = hearsWhoComes(freePort());
        }
    }

    private static boolean hearsWhoComes(int port) throws Exception {
        try (Canary canary = Canary.on(Set.of(port))) {
            if (canary.ports() == 0) {
                return false;
            }
            new Socket(InetAddress.getByAddress(new byte[] {127, 88, 23, (byte) 245}), port).close();
            while (canary.connections.get() == 0) {
                Thread.sleep(10);
            }
            assertThat(canary.connections).hasValue(1);
            return true;
        }
    }

    @Test
    void whatIsListedIsRefusedNamedOrRedirectedTo() throws IOException {
        int port = freePort();
        try (SsrfTrial trial = SsrfTrial.on(Set.of(port))) {
            for (String listed : LISTED) {
                String url = listed.replace("PORT", String.valueOf(port));
                for (Verdict verdict : List.of(trial.named(url), trial.redirectedTo(url))) {
                    assertThat(verdict.sound()).as(url).isTrue();
                    assertThat(verdict.kind())
                            .as(url)
                            .isIn("url_not_allowed", "invalid_image_url", "failed_to_download_image");
                }
            }
            assertThat(trial.canaryConnections()).isZero();
        }
    }

    @Test
    void aPublicAddressIsToldAndNotDialled() throws IOException {
        try (SsrfTrial trial = SsrfTrial.on(Set.of())) {
            assertThat(trial.named("http://0x08080808/").kind()).isEqualTo("(a public address)");
            assertThat(trial.redirectedTo("http://8.8.8.8/").kind()).isEqualTo("(a public address)");
        }
    }

    private static int freePort() throws IOException {
        try (StubServer server = StubServer.holding(new byte[0])) {
            return server.port();
        }
    }
}
