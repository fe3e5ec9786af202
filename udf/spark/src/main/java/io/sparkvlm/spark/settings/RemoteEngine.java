package io.sparkvlm.spark.settings;

import io.sparkvlm.spark.remote.ServersSource;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * Names the servers that answer the rows instead of an engine of the executors.
 *
 * @param model as the servers name it
 */
public record RemoteEngine(ServersSource servers, String model) implements Serializable {
    /** Where a process finds the key; a job's configuration would show it to all who see the job. */
    private static final String KEY = "OPENAI_API_KEY";

    public RemoteEngine {
        Objects.requireNonNull(servers, "servers");
        Objects.requireNonNull(model, "model");
    }

    /** The key in this process's environment, if it has one. */
    public static Optional<String> apiKey() {
        return Optional.ofNullable(System.getenv(KEY)).map(String::strip).filter(key -> !key.isEmpty());
    }
}
