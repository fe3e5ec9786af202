package io.sparkvlm.bench.serve;

import io.sparkvlm.bench.Dimensions;
import io.sparkvlm.bench.RandomCheckpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a client that asks one question after the other loses to hundreds that hold connections and send rubbish. */
@Command(
        name = "serve-abuse",
        description = "One client's rate at sparkvlm serve, alone and beside slow clients and random bodies.")
public final class AbuseBench implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", defaultValue = "20", description = "Of each measurement. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(names = "--slow-clients", defaultValue = "500", description = "At once. Default: ${DEFAULT-VALUE}")
    private int slowClients;

    @Option(names = "--bodies", defaultValue = "50", description = "Random ones a second. Default: ${DEFAULT-VALUE}")
    private int bodies;

    @Option(names = "--folder", description = "Where the checkpoint lies or is written. Default: a temporary one")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "sparkvlm-peers");

    private int seed;

    @Override
    public Integer call() throws Exception {
        Path checkpoint = folder.toAbsolutePath().resolve("small");
        RandomCheckpoint.write(Dimensions.parse("small"), checkpoint);
        try (ServedModel server = ServedModel.ours(
                checkpoint, "--body-timeout", "10", "--idle-timeout", "10", "--max-completion-tokens", "32")) {
            Pace unused = ask(server); // Java compiles
            Pace before = ask(server);
            print("alone", before);
            Pace beside;
            int cutOff;
            Map<Integer, Integer> statuses;
            try (SlowClients slow = SlowClients.of(server.port(), slowClients);
                    RandomBodies random = new RandomBodies(server, bodies)) {
                beside = ask(server);
                cutOff = slow.cutOff();
                statuses = random.statuses();
            }
            print("beside the others", beside);
            double cores = beside.coresBeside(before);
            Pace shared;
            try (BusyLoop loop = new BusyLoop(cores)) {
                shared = ask(server);
            }
            print("beside a loop that is as busy as they make all", shared);
            Pace after = ask(server);
            print("alone again", after);
            double alone = (before.aSecond() + after.aSecond()) / 2;
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%d slow clients at once, cut off %d times; statuses of %d random bodies: %s%n",
                    slowClients,
                    cutOff,
                    statuses.values().stream().mapToInt(count -> count).sum(),
                    statuses);
            out.printf(
                    "they cost %.2f cores; the good client keeps %.1f %% of its rate beside them, %.1f %% beside the loop%n",
                    cores, 100 * beside.aSecond() / alone, 100 * shared.aSecond() / alone);
            out.flush();
            return statuses.keySet().stream().anyMatch(status -> status >= 500) ? 1 : 0;
        }
    }

    private void print(String when, Pace pace) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%s: %.2f questions a second, %.0f ms of the processors each%n",
                when, pace.aSecond(), 1e3 * pace.cores() / pace.aSecond());
        out.flush();
    }

    /** Asks one question after the other. */
    private Pace ask(ServedModel server) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        double processorSeconds = processorSeconds(server);
        long start = System.nanoTime();
        long wanted = Duration.ofSeconds(seconds).toNanos();
        int asked = 0;
        while (System.nanoTime() - start < wanted) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .timeout(PATIENCE)
                    .POST(BodyPublishers.ofString(new Question(seed++, 64, 32).body(false)))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("expected an answer, found " + answer.statusCode() + ": " + answer.body());
            }
            asked++;
        }
        double taken = (System.nanoTime() - start) / 1e9;
        return new Pace(asked / taken, (processorSeconds(server) - processorSeconds) / taken);
    }

    /** Of the server and of all clients, which are in this process. */
    private static double processorSeconds(ServedModel server) {
        Duration clients = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        return server.processorTime().plus(clients).toNanos() / 1e9;
    }

    /**
     * How fast the good client was answered.
     *
     * @param aSecond questions
     * @param cores that server and clients took meanwhile
     */
    private record Pace(double aSecond, double cores) {
        /** What was taken for others than the good client, whose questions cost what they cost alone. */
        double coresBeside(Pace alone) {
            return Math.max(0, cores - aSecond * alone.cores() / alone.aSecond());
        }
    }
}
