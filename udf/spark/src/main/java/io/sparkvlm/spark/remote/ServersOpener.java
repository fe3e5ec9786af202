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
                started -> () -> started(started, apiKey, gpus, ServersOpener::freePort));
        return opening.open();
    }

    /** What is done for one of the two kinds. */
    @FunctionalInterface
    private interface Opening {
        RemoteServers open() throws IOException, InterruptedException;
    }

    /** Starts a server at one of the ports. */
    static RemoteServers started(
            ServersSource.Started source, Optional<String> apiKey, List<String> gpus, ServerWatch.Ports ports)
            throws IOException, InterruptedException {
        ServerWatch watch = new ServerWatch(source.command(), gpus, ports);
        try {
            RemoteServers servers = new RemoteServers(source.at(watch.start()), apiKey, watch);
            watch.onEnd(servers.restarts());
            return servers;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            watch.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1)) {
            return socket.getLocalPort();
        }
    }
}
