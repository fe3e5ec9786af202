package io.sparkvlm.spark.remote;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * Says which servers answer the rows of an executor. Travels to the executors with the tasks; equal sources are the same servers, so a
 * source is a record.
 */
public interface ServersSource extends Serializable {
    /** What one of the two makes of it. */
    <T> T fold(Function<Running, T> running, Function<Started, T> started);

    /** Requests that all servers of an executor have at once. */
    int inFlight();

    /** Servers that run already. */
    record Running(RemoteSettings settings) implements ServersSource {
        public Running {
            Objects.requireNonNull(settings, "settings");
        }

        @Override
        public <T> T fold(Function<Running, T> running, Function<Started, T> started) {
            return running.apply(this);
        }

        @Override
        public int inFlight() {
            return settings.inFlight();
        }
    }

    /**
     * A server of each executor, which starts and watches it.
     *
     * @param concurrency requests that the server has at once
     * @param answerTimeout from a request to the whole answer
     */
    record Started(ServerCommand command, int concurrency, Duration answerTimeout) implements ServersSource {
        public Started {
            Objects.requireNonNull(command, "command");
            RemoteSettings.ofThisMachine(1, concurrency, answerTimeout); // which checks them
        }

        @Override
        public <T> T fold(Function<Running, T> running, Function<Started, T> started) {
            return started.apply(this);
        }

        @Override
        public int inFlight() {
            return concurrency;
        }

        /** Of the server once it listens at a port. */
        RemoteSettings at(int port) {
            return RemoteSettings.ofThisMachine(port, concurrency, answerTimeout);
        }
    }
}
