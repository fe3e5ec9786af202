package io.sparkvlm.spark.remote;

import io.sparkvlm.api.IncurableException;
import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks the servers of a job, the least busy one first, and asks again what may pass.
 *
 * <p>A server that fails rests while the others answer, and is then tried with one request. Thread-safe: all tasks of an
 * executor share one.
 */
public final class RemoteServers implements AutoCloseable {
    /** More than the log probabilities of the longest answers take. */
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final RemoteSettings settings;
    private final Optional<String> apiKey;
    private final AutoCloseable behind;
    private final HttpClient client;
    private List<RemoteServer> servers;
    private final Deque<RemoteCall> waiting = new ArrayDeque<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(RemoteServers::clockThread);
    private Optional<IncurableException> end = Optional.empty();
    private long outageSinceNanos;
    private boolean away; // all of them, and being started

    /** @param apiKey that the servers want, sent to them and to nothing else */
    public RemoteServers(RemoteSettings settings, Optional<String> apiKey) {
        this(settings, apiKey, () -> {});
    }

    /** @param behind what is closed with it */
    RemoteServers(RemoteSettings settings, Optional<String> apiKey, AutoCloseable behind) {
        this.settings = settings;
        this.apiKey = apiKey;
        this.behind = behind;
        this.servers = settings.urls().stream()
                .map(url -> new RemoteServer(url, settings.concurrency(), settings.retries()))
                .toList();
        this.client = client(settings);
    }

    static HttpClient client(RemoteSettings settings) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // uvicorn, which vLLM is served by, knows no other
                .followRedirects(HttpClient.Redirect.NEVER) // the key is for these servers
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    private record Sending(RemoteServer server, RemoteCall call) {}

    /**
     * Queues a request, which is the body of a chat completion.
     *
     * <p>The future completes with the answer's body, with a rejection when this request alone has none, or exceptionally with
     * an {@link IncurableException} when no server answers any more. Cancelling it ends the request.
     */
    public CompletableFuture<Outcome<String>> ask(String body) {
        RemoteCall call = new RemoteCall(body);
        synchronized (this) {
            end.ifPresentOrElse(call.answer()::completeExceptionally, () -> waiting.addLast(call));
        }
        dispatch();
        return call.answer();
    }

    private void dispatch() {
        startable().forEach(this::send);
    }

    private synchronized List<Sending> startable() {
        List<Sending> startable = new ArrayList<>();
        waiting.removeIf(call -> call.answer().isDone());
        while (!waiting.isEmpty() && !away) {
            long now = System.nanoTime();
            Optional<RemoteServer> free = servers.stream()
                    .filter(server -> server.hasRoom(now))
                    .min(Comparator.comparingInt(RemoteServer::inFlight));
            if (free.isEmpty()) {
                break;
            }
            free.get().begin();
            startable.add(new Sending(free.get(), waiting.removeFirst()));
        }
        return startable;
    }

    private void send(Sending sending) {
        CompletableFuture<HttpResponse<String>> exchange =
                client.sendAsync(request(sending), info -> new BoundedText(MAX_ANSWER_BYTES));
        CompletableFuture<?> unusedCancelling =
                sending.call().answer().whenComplete((outcome, failure) -> exchange.cancel(true));
        CompletableFuture<?> unused = exchange.handle((response, failure) -> failure == null
                        ? ServerReply.of(response)
                        : ServerReply.of(failure instanceof CompletionException ? failure.getCause() : failure))
                .thenAccept(reply -> take(sending, reply));
    }

    private HttpRequest request(Sending sending) {
        HttpRequest.Builder request = HttpRequest.newBuilder(sending.server().chat())
                .timeout(settings.answerTimeout())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(sending.call().body()));
        apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request.build();
    }

    private void take(Sending sending, ServerReply reply) {
        judged(sending, reply).run();
        dispatch();
    }

    /** Notes what a reply says of its server and its request; what is returned is run without the lock. */
    private synchronized Runnable judged(Sending sending, ServerReply reply) {
        RemoteServer server = sending.server();
        RemoteCall call = sending.call();
        server.end();
        if (call.answer().isDone()) { // cancelled, which says nothing of the server
            return () -> {};
        }
        if (reply instanceof ServerReply.Answered answered) {
            server.answered();
            return () -> call.answer().complete(Outcome.ok(answered.body()));
        }
        if (reply instanceof ServerReply.Wrong wrong) {
            server.answered();
            return () -> call.answer().complete(Outcome.rejected(wrong.rejection()));
        }
        if (end.isPresent()) {
            return () -> call.answer().completeExceptionally(end.get());
        }
        if (reply instanceof ServerReply.Forbidden forbidden) {
            return ended(
                    call,
                    new IncurableException("the engine's server lets this job not in (" + forbidden.reason()
                            + "): set the key in the environment of the driver and the executors"));
        }
        if (reply instanceof ServerReply.NoRoom noRoom) {
            return again(
                    sending,
                    noRoom.reason(),
                    noRoom.retryAfter(),
                    call.addRefusal() >= settings.retries().refusals());
        }
        if (reply instanceof ServerReply.Broken broken) {
            return again(
                    sending,
                    broken.reason(),
                    Optional.empty(),
                    call.addFault() >= settings.retries().faults());
        }
        return again(sending, ((ServerReply.Gone) reply).reason(), Optional.empty(), false);
    }

    private Runnable again(Sending sending, String reason, Optional<Duration> retryAfter, boolean lastTime) {
        long now = System.nanoTime();
        boolean wasOutage = isOutage();
        Duration rest = sending.server().failed(now, retryAfter);
        if (isOutage() && !wasOutage) {
            outageSinceNanos = now;
        }
        RemoteCall call = sending.call();
        Future<?> unused = clock.schedule(this::dispatch, rest.toNanos(), TimeUnit.NANOSECONDS);
        if (!away
                && isOutage()
                && now - outageSinceNanos > settings.retries().outage().toNanos()) {
            return ended(
                    call,
                    new IncurableException("none of the engine's " + servers.size() + " servers answers since "
                            + settings.retries().outage().toSeconds() + " s (" + reason
                            + "): start them, and the same command again to go on"));
        }
        if (lastTime) {
            return () -> call.answer()
                    .complete(Outcome.rejected(Rejection.of(
                            EngineCode.SERVER_ERROR,
                            "the engine's server did not answer the row, the last time: " + reason)));
        }
        waiting.addFirst(call);
        return () -> {};
    }

    private boolean isOutage() {
        return servers.stream().noneMatch(RemoteServer::isHealthy);
    }

    private Runnable ended(RemoteCall last, IncurableException fault) {
        waiting.addLast(last);
        return ended(fault);
    }

    private Runnable ended(IncurableException fault) {
        end = Optional.of(fault);
        List<RemoteCall> lost = List.copyOf(waiting);
        waiting.clear();
        return () -> lost.forEach(call -> call.answer().completeExceptionally(fault));
    }

    /** Whether there are no servers to come. */
    public synchronized boolean hasEnded() {
        return end.isPresent();
    }

    /** By which it learns of a server that is started again. */
    ServerWatch.Listener restarts() {
        return new ServerWatch.Listener() {
            @Override
            public void away() {
                setAway(true);
            }

            @Override
            public void back(int port) {
                replaceAll(RemoteSettings.ofThisMachine(port));
                setAway(false);
                dispatch();
            }

            @Override
            public void end(IncurableException fault) {
                Runnable telling;
                synchronized (RemoteServers.this) {
                    telling = ended(fault);
                }
                telling.run();
            }
        };
    }

    /** What is on its way to those before counts for them alone. */
    private synchronized void replaceAll(URI url) {
        servers = List.of(new RemoteServer(url, settings.concurrency(), settings.retries()));
    }

    private synchronized void setAway(boolean are) {
        away = are;
        outageSinceNanos = System.nanoTime();
    }

    /** Cancels what waits; what is on its way is given up with its future. */
    @Override
    public void close() throws Exception {
        List<RemoteCall> lost;
        synchronized (this) {
            end = end.or(() -> Optional.of(new IncurableException("the engine's servers are not asked any more")));
            lost = List.copyOf(waiting);
            waiting.clear();
        }
        lost.forEach(call -> call.answer().cancel(true));
        clock.shutdownNow();
        behind.close();
    }

    private static Thread clockThread(Runnable work) {
        Thread thread = new Thread(work, "sparkvlm-remote-clock");
        thread.setDaemon(true);
        return thread;
    }
}
