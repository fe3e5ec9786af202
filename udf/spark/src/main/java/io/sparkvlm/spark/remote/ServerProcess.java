package io.sparkvlm.spark.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server as a child of this process, and all that it starts. It ends with this process, however that ends. */
final class ServerProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

    private static final long LAST_WORDS_SECONDS = 2;
    private static final int KEPT_LINES = 10;
    private static final int KEPT_CHARACTERS = 400;
    private static final long END_SECONDS = 15;

    /** In the environment of a server and of all that it starts, with a value of this server alone. */
    private static final String MARK = "SPARKVLM_SERVER";

    /**
     * In a session of its own, as one that kills the executor kills its session, the child waits for the end of its standard input,
     * which is there when the executor closes it or is gone. It then ends its group, and what has left that and has the mark in its
     * environment: politely, and after ten seconds by force.
     */
    private static final String UNTIL_THE_INPUT_ENDS =
            """
            end() {
              for environment in $(grep -ls "MARK=$2" /proc/[0-9]*/environ); do
                process=${environment#/proc/}
                kill -"$1" "${process%/environ}"
              done
              kill -"$1" 0
            } 2>/dev/null
            exec 3<&0 </dev/null
            MARK=$2 sh -c "$1" 3<&- &
            server=$!
            (
              trap '' TERM
              read -r never <&3
              end TERM "$2"
              sleep 10 >/dev/null 2>&1
              end KILL "$2"
            ) &
            trap '' TERM
            wait "$server"
            echo "exit code $?"
            # What it has left behind.
            end TERM "$2"
            sleep 1 >/dev/null 2>&1
            end KILL "$2"
            """
                    .replace("MARK", MARK);

    private final Process process;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CompletableFuture<Void> read;

    private ServerProcess(Process process) {
        this.process = process;
        this.read = new CompletableFuture<>();
        Thread reader = new Thread(this::readAll, "sparkvlm-server-log");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a server.
     *
     * @param gpus that it sees, all of the machine where there are none
     */
    static ServerProcess start(String command, List<String> gpus) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        "sh",
                        "-c",
                        UNTIL_THE_INPUT_ENDS,
                        "server",
                        command,
                        UUID.randomUUID().toString())
                .redirectErrorStream(true);
        if (!gpus.isEmpty()) {
            builder.environment().put("CUDA_VISIBLE_DEVICES", String.join(",", gpus));
        }
        LOG.info("starting the server of --engine-command"); // which may hold a key
        return new ServerProcess(builder.start());
    }

    /** Never waits for a reader: the server would, too. */
    private void readAll() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LOG.info("{}", line);
                keep(line);
            }
        } catch (IOException e) { // of a process that was killed
            LOG.debug("the server's output has ended", e);
        } finally {
            read.complete(null);
        }
    }

    private synchronized void keep(String line) {
        lastLines.addLast(line.length() > KEPT_CHARACTERS ? line.substring(0, KEPT_CHARACTERS) + "…" : line);
        if (lastLines.size() > KEPT_LINES) {
            lastLines.removeFirst();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Completes when the server has ended and what it said is read, but for what a program that it left behind says. */
    CompletableFuture<?> end() {
        return process.onExit()
                .thenCompose(ended -> read.copy().completeOnTimeout(null, LAST_WORDS_SECONDS, TimeUnit.SECONDS));
    }

    /** The last lines, the exit code among them where it has ended, in one. */
    synchronized String lastWords() {
        return lastLines.isEmpty() ? "it said nothing" : "it said last: " + String.join(" | ", lastLines);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
