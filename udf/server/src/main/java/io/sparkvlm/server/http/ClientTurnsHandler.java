package io.sparkvlm.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has clients wait whose requests are refused again and again, before anything but the heads of their requests is read, so that they
 * cost the others little. Clients are told apart by their addresses. Thread-safe.
 */
public final class ClientTurnsHandler extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTurnsHandler.class);

    private static final int MOST_CLIENTS = 10_000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

    /** A house or a machine has all IPv6 addresses that begin alike. */
    private static final int PREFIX_BYTES = 8;

    private static final int TOO_MANY_REQUESTS = 429;

    private final int refusals;
    private final IntConsumer answered;
    private final Cache<String, ClientTurns> clients = Caffeine.newBuilder()
            .maximumSize(MOST_CLIENTS)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .build();

    /**
     * Lets in by turns.
     *
     * @param refusals of a client in a second, before the next ones wait
     * @param answered hears the status of each answer that begins here
     */
    public ClientTurnsHandler(Handler behind, int refusals, IntConsumer answered) {
        super(behind);
        this.refusals = refusals;
        this.answered = answered;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress from)) {
            return super.handle(request, response, callback);
        }
        ClientTurns turns = clients.get(name(from.getAddress()), name -> new ClientTurns(refusals, System.nanoTime()));
        OptionalLong wait = turns.next(System.nanoTime());
        if (wait.isEmpty()) {
            new Exchange(request, response, callback, answered).refuse(HttpError.tooManyRefused());
            return true;
        }
        if (wait.getAsLong() > 0) {
            later(wait.getAsLong(), request, response, callback);
            return true;
        }
        Request.addCompletionListener(request, failure -> {
            if (isRefusal(response.getStatus())) {
                turns.refused(System.nanoTime());
            }
        });
        return super.handle(request, response, callback);
    }

    private static String name(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, PREFIX_BYTES) : bytes);
    }

    /** Whether the client is at fault. */
    private static boolean isRefusal(int status) {
        return status >= 400 && status < 500 && status != TOO_MANY_REQUESTS;
    }

    private void later(long nanos, Request request, Response response, Callback callback) {
        var unused = request.getComponents()
                .getScheduler()
                .schedule(
                        () -> request.getComponents().getExecutor().execute(() -> begin(request, response, callback)),
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private void begin(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                throw new IllegalStateException("a handler did not answer");
            }
        } catch (Exception e) { // as Jetty does with what is thrown at once
            LOG.error("a request that waited for its turn failed", e);
            Response.writeError(request, response, callback, e);
        }
    }
}
