package io.sparkvlm.spark.remote;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens the way to the servers that the tasks of an executor share. Travels to the executors with the tasks; equal sources are the
 * same servers, so a source is a record.
 */
public sealed interface ServersSource extends Serializable permits RemoteSettings, StartedServer {
    /** What one of the two makes of it. */
    <T> T fold(Function<RemoteSettings, T> running, Function<StartedServer, T> started);

    /**
     * Opens it on this machine; called once for all tasks of an executor.
     *
     * @param apiKey that the servers want
     * @param gpus the addresses of the GPUs that Spark assigned to the executor
     * @throws io.sparkvlm.api.IncurableException when no other attempt would do better
     */
    RemoteServers open(Optional<String> apiKey, List<String> gpus) throws IOException, InterruptedException;

    /** Requests that all servers of an executor have at once. */
    int inFlight();
}
