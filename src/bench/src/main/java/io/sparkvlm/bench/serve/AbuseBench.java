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

    /** Java's compiler takes more of the processors than all abusers for the first half minute of them. */
    private static final int WARM_UPS = 4;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", defaultValue = "4", description = "Of all measurements. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each measurement. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(names = "--slow-clients", defaultValue = "500", description = "At once. Default: ${DEFAULT-VALUE}")
    private int slowClients;

    @Option(
            names = "--bodies",
            defaultValue = "50",
            description = "Random ones a second; 0: as many as are answered. Default: ${DEFAULT-VALUE}")
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
            try (Abusers abusers = Abusers.start(server, slowClients, bodies)) {
                for (int i = 0; i < WARM_UPS; i++) {
                    Measured unused = beside(server, abusers);
                }
                return compare(server, abusers);
            }
        }
    }

    private Measured beside(ServedModel server, Abusers abusers) throws IOException, InterruptedException {
        abusers.begin();
        double processorSeconds = seconds(abusers.processorTime());
        Pace pace = ask(server);
        double theirs = seconds(abusers.processorTime()) - processorSeconds;
        return new Measured(pace, theirs, abusers.end());
    }

    /** By turns, because machines are not equally fast all the time. */
    private int compare(ServedModel server, Abusers abusers) throws IOException, InterruptedException {
        Pace alone = Pace.NONE;
        Measured beside = Measured.NONE;
        Pace besideLoop = Pace.NONE;
        for (int round = 0; round < rounds; round++) {
            alone = alone.plus(ask(server));
            beside = beside.plus(beside(server, abusers));
            try (BusyLoop loop = new BusyLoop(beside.cores(alone))) {
                besideLoop = besideLoop.plus(ask(server));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "the good client: %.2f questions a second alone, %.2f (%.1f %%) beside the others, %.2f (%.1f %%) beside a"
                        + " loop that is as busy%n",
                alone.aSecond(),
                beside.pace().aSecond(),
                100 * beside.pace().aSecond() / alone.aSecond(),
                besideLoop.aSecond(),
                100 * besideLoop.aSecond() / alone.aSecond());
        out.printf(
                "the others cost the server %.3f cores and themselves %.3f%n",
                beside.pace().coresBeside(alone), beside.theirCores());
        Abuse abuse = beside.abuse();
        out.printf(
                "%d slow clients at once, cut off %d times; statuses of %d random bodies: %s%n",
                slowClients, abuse.cutOff(), abuse.bodies(), abuse.statuses());
        out.flush();
        return abuse.statuses().keySet().stream().anyMatch(status -> status >= 500) ? 1 : 0;
    }

    /** Asks one question after the other. */
    private Pace ask(ServedModel server) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        double processorSeconds = seconds(server.processorTime());
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
        return new Pace(asked, (System.nanoTime() - start) / 1e9, seconds(server.processorTime()) - processorSeconds);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /**
     * How fast the good client was answered.
     *
     * @param processorSeconds of the server
     */
    private record Pace(int questions, double seconds, double processorSeconds) {
        static final Pace NONE = new Pace(0, 0, 0);

        Pace plus(Pace other) {
            return new Pace(
                    questions + other.questions, seconds + other.seconds, processorSeconds + other.processorSeconds);
        }

        double aSecond() {
            return questions / seconds;
        }

        /** The server's share of the processors that was not the good client's, whose questions cost what they cost alone. */
        double coresBeside(Pace alone) {
            double itsOwn = questions * alone.processorSeconds / alone.questions;
            return Math.max(0, (processorSeconds - itsOwn) / seconds);
        }
    }

    /**
     * The good client's pace beside the others.
     *
     * @param theirSeconds of the processors, that the others took themselves
     */
    private record Measured(Pace pace, double theirSeconds, Abuse abuse) {
        static final Measured NONE = new Measured(Pace.NONE, 0, Abuse.NONE);

        Measured plus(Measured other) {
            return new Measured(pace.plus(other.pace), theirSeconds + other.theirSeconds, abuse.plus(other.abuse));
        }

        double theirCores() {
            return theirSeconds / pace.seconds;
        }

        /** Of server and others together, beside what the good client costs. */
        double cores(Pace alone) {
            return pace.coresBeside(alone) + theirCores();
        }
    }
}
