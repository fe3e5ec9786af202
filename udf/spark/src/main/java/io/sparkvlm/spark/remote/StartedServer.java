package io.sparkvlm.spark.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A server of each executor, which starts and watches it.
 *
 * @param concurrency requests that the server has at once
 * @param answerTimeout from a request to the whole answer
 */
public record StartedServer(ServerCommand command, int concurrency, Duration answerTimeout) implements ServersSource {
    public StartedServer {
        settings(1, concurrency, answerTimeout); // which checks them
    }

    @Override
    public <T> T fold(Function<RemoteSettings, T> running, Function<StartedServer, T> started) {
        return started.apply(this);
    }

    @Override
    public RemoteServers open(Optional<String> apiKey, List<String> gpus) throws IOException, InterruptedException {
        int port = freePort();
        RemoteSettings settings = settings(port, concurrency, answerTimeout);
        ServerWatch watch = new ServerWatch(command, port, gpus, settings.urls().get(0));
        try {
            watch.start();
            RemoteServers servers = new RemoteServers(settings, apiKey, watch);
            watch.onEnd(servers::end);
            return servers;
        } catch (IOException | InterruptedException | RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    @Override
    public int inFlight() {
        return concurrency;
    }

    private static RemoteSettings settings(int port, int concurrency, Duration answerTimeout) {
        return RemoteSettings.of(List.of(URI.create("http://127.0.0.1:" + port)), concurrency, answerTimeout);
    }

    /** Free until the server takes it: a moment in which another program may, and the server then says so. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
