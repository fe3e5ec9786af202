package io.sparkvlm.server;

import io.sparkvlm.server.http.Exchange;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many requests the server has at once. Thread-safe. */
final class Places {
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    Places(int most) {
        this.most = most;
    }

    /** Takes one, which is given back when the exchange has ended; false where there is none. */
    boolean take(Exchange exchange) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            return false;
        }
        exchange.whenEnded(taken::decrementAndGet);
        return true;
    }

    int taken() {
        return taken.get();
    }
}
