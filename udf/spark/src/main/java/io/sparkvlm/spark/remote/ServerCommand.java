package io.sparkvlm.spark.remote;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Says how an executor starts a server, and when it is taken for started.
 *
 * @param template a command of the shell, with {@value #PORT}, and perhaps {@value #MODEL} and {@value #GPU}
 * @param model what stands for {@value #MODEL}
 * @param healthPath answers with status 200 once the server takes requests
 * @param startTimeout from the start to that
 * @param restarts of one executor's server, after which the job ends
 */
public record ServerCommand(String template, String model, String healthPath, Duration startTimeout, int restarts)
        implements Serializable {
    static final String PORT = "{port}";
    static final String MODEL = "{model}";
    static final String GPU = "{gpu}";

    public ServerCommand {
        Objects.requireNonNull(model, "model");
        if (!template.contains(PORT)) {
            throw new IllegalArgumentException("expected engine-command with " + PORT
                    + ", the port that the server is to listen at, found none in it");
        }
        if (!isPath(healthPath)) {
            throw new IllegalArgumentException(
                    "expected engine-health as a path, as /health, found \"" + healthPath + "\"");
        }
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "expected an engine-start-timeout of more than no time, found " + startTimeout);
        }
        if (restarts < 0) {
            throw new IllegalArgumentException("expected engine-restarts of at least 0, found " + restarts);
        }
    }

    private static boolean isPath(String text) {
        try {
            return text.startsWith("/") && new URI(text).getRawAuthority() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The command for the shell. */
    String filled(int port, List<String> gpus) {
        return template.replace(PORT, Integer.toString(port))
                .replace(GPU, String.join(",", gpus))
                .replace(MODEL, "'" + model.replace("'", "'\\''") + "'");
    }

    URI health(URI server) {
        return server.resolve(healthPath);
    }
}
