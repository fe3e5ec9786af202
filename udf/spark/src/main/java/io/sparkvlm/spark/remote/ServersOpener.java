package io.sparkvlm.spark.remote;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/** Opens the way to the servers that the tasks of an executor share, and starts one where that is asked for. */
public final class ServersOpener {
    private ServersOpener() {}

    /**
     * Opens it on this machine; called once for all tasks of an executor.
     *
     * @param apiKey that the servers want
     * @param gpus the addresses of the GPUs that Spark assigned to the executor
     * @throws io.sparkvlm.api.IncurableException when no other attempt would do better
     */
    public static RemoteServers open(ServersSource source, Optional<String> apiKey, List<String> gpus)
            throws IOException, InterruptedException {
        Opening opening = source.fold(
                running -> () -> new RemoteServers(running.settings(), apiKey),
                started -> () -> started(started, apiKey, gpus));
        return opening.open();
    }

    /** What is done for one of the two kinds. */
    @FunctionalInterface
    private interface Opening {
        RemoteServers open() throws IOException, InterruptedException;
    }

    private static RemoteServers started(ServersSource.Started source, Optional<String> apiKey, List<String> gpus)
            throws IOException, InterruptedException {
        int port = freePort();
        RemoteSettings settings = source.at(port);
        ServerWatch watch =
                new ServerWatch(source.command(), port, gpus, settings.urls().get(0));
        try {
            watch.start();
            RemoteServers servers = new RemoteServers(settings, apiKey, watch);
            watch.onEnd(servers.restarts());
            return servers;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            watch.close();
            throw e;
        }
    }

    /** Free until the server takes it: a moment in which another program may, and the server then says so. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1)) {
            return socket.getLocalPort();
        }
    }
}
