package io.sparkvlm.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The process of {@link Abusers}: for each line that it reads it begins or ends, and writes a line when it has. */
@Command(name = AbusersCommand.NAME, hidden = true)
public final class AbusersCommand implements Callable<Integer> {
    static final String NAME = "serve-abusers";

    /** Until what the slow clients ask has been answered: that is work for a request, and not for a slow client. */
    private static final int SETTLE_SECONDS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--slow-clients", required = true)
    private int slowClients;

    @Option(names = "--bodies", required = true)
    private int bodies;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = spec.commandLine().getOut();
        while (lines.readLine() != null) {
            Abuse done;
            try (SlowClients slow = SlowClients.of(port, slowClients);
                    RandomBodies random = new RandomBodies(port, bodies)) {
                TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
                out.println("begun");
                out.flush();
                String end = lines.readLine();
                if (end == null) {
                    return 0;
                }
                done = new Abuse(slow.cutOff(), random.statuses());
            }
            out.println(done.line());
            out.flush();
        }
        return 0;
    }
}
