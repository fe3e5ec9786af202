package io.sparkvlm.bench.serve;

import io.sparkvlm.bench.Bench;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Slow clients and random bodies from a process of their own at another address, which takes of the processors only what others
 * leave it: what they cost a server is not what they cost themselves.
 */
final class Abusers implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;

    private Abusers(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts the process, which does nothing yet.
     *
     * @param bodies random ones a second; 0 for as many as are answered
     */
    static Abusers start(ServedModel server, int slowClients, int bodies) throws IOException {
        return new Abusers(new ProcessBuilder(
                        "nice",
                        "-n",
                        "19",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bench.class.getName(),
                        AbusersCommand.NAME,
                        "--port",
                        Integer.toString(server.port()),
                        "--slow-clients",
                        Integer.toString(slowClients),
                        "--bodies",
                        Integer.toString(bodies))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Returns when all slow clients are connected, and what they ask is answered. */
    void begin() throws IOException {
        String unused = tell("begin");
    }

    /** Closes all connections. */
    Abuse end() throws IOException {
        return Abuse.parse(tell("end"));
    }

    private String tell(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("expected an answer of the abusers, found their end");
        }
        return line;
    }

    /** What they have taken of the processors so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
