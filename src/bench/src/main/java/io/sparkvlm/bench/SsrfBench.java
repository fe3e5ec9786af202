package io.sparkvlm.bench;

import io.sparkvlm.preprocessing.fetch.http.SsrfTrial;
import io.sparkvlm.preprocessing.fetch.http.SsrfTrial.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries whether any URL of others' lists reaches what is not public. Each is what a request names, and where a server redirects to. */
@Command(
        name = "ssrf",
        description = "Fetches the URLs of lists, a line each, with all hosts allowed and canaries on this machine.")
final class SsrfBench implements Callable<Integer> {
    private static final Pattern PORT = Pattern.compile(":(\\d{1,5})(?!\\d)");
    private static final int MAX_PORT = 65535;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "A URL or a host a line")
    private List<Path> files;

    @Option(names = "--rows", description = "Print what became of each")
    private boolean printsRows;

    private final List<String> faults = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Set<String> all = new LinkedHashSet<>();
        for (Path file : files) {
            all.addAll(urls(file));
        }
        try (SsrfTrial trial = SsrfTrial.on(ports(all))) {
            for (Path file : files) {
                Set<String> urls = urls(file);
                out.printf("%s: %d URLs%n", file, urls.size());
                print("named", tally(urls, trial::named, out), out);
                print("redirected to", tally(urls, trial::redirectedTo, out), out);
            }
            out.printf(
                    "%d URLs, %d canaries, %d connections to them, %d other faults%n",
                    all.size(), trial.canaries(), trial.canaryConnections(), faults.size());
            faults.forEach(out::println);
            return trial.canaryConnections() + faults.size() == 0 ? 0 : 1;
        }
    }

    /** A host alone is also tried as one of a URL. */
    private static Set<String> urls(Path file) throws IOException {
        Set<String> urls = new LinkedHashSet<>();
        for (String line : Files.readAllLines(file)) {
            urls.add(line);
            if (!line.contains("://")) {
                urls.add("http://" + line);
            }
        }
        return urls;
    }

    private static Set<Integer> ports(Set<String> urls) {
        Set<Integer> ports = new TreeSet<>(Set.of(80, 443));
        for (String url : urls) {
            for (Matcher port = PORT.matcher(url); port.find(); ) {
                int number = Integer.parseInt(port.group(1));
                if (number >= 1 && number <= MAX_PORT) {
                    ports.add(number);
                }
            }
        }
        return ports;
    }

    private Map<String, Integer> tally(Set<String> urls, Function<String, Verdict> trial, PrintWriter out) {
        Map<String, Integer> kinds = new TreeMap<>();
        for (String url : urls) {
            try {
                Verdict verdict = trial.apply(url);
                kinds.merge(verdict.kind(), 1, Integer::sum);
                if (!verdict.sound()) {
                    faults.add(url + ": " + verdict.kind());
                }
                if (printsRows) {
                    out.println(verdict.kind() + "\t" + url);
                }
            } catch (RuntimeException | Error e) {
                faults.add(url + ": " + e);
            }
        }
        return kinds;
    }

    private static void print(String how, Map<String, Integer> kinds, PrintWriter out) {
        kinds.forEach((kind, count) -> out.printf("  %-14s %-44s %7d%n", how, kind, count));
        out.flush();
    }
}
