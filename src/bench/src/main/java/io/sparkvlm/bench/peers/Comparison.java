package io.sparkvlm.bench.peers;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The sessions of all contenders, and the tables that they make. The first contender is the one that ratios are of. */
final class Comparison {
    private final List<Workload> workloads;
    private final Map<String, List<Session>> sessions = new LinkedHashMap<>();

    Comparison(List<Workload> workloads) {
        this.workloads = workloads;
    }

    /** @throws IllegalStateException where an answer or a prompt is longer or shorter than the others' */
    void add(String contender, Session session) {
        for (Workload workload : workloads) {
            Answered answered = session.workloads().get(workload.kind());
            Answered first =
                    sessions.isEmpty() ? answered : firstSession().workloads().get(workload.kind());
            for (Request request : workload.requests()) {
                same(contender, request, "answer", request.completionTokens(), answered.completionTokens());
                same(contender, request, "prompt", first.promptTokens().get(request.id()), answered.promptTokens());
            }
        }
        sessions.computeIfAbsent(contender, name -> new ArrayList<>()).add(session);
    }

    private static void same(
            String contender, Request request, String what, Integer expected, Map<String, Integer> found) {
        Integer tokens = found.get(request.id());
        if (tokens == null || !tokens.equals(expected)) {
            throw new IllegalStateException("expected %s tokens in the %s of %s, found %s of %s"
                    .formatted(expected, what, request.id(), tokens, contender));
        }
    }

    private Session firstSession() {
        return sessions.values().iterator().next().get(0);
    }

    void print(MachineShare share, PrintWriter out) {
        out.println(
                "| work | | s | s with its start | requests/s | answers' tokens/s | ms a step | of the machine | ours is as fast |");
        out.println("|---|---|---|---|---|---|---|---|---|");
        for (Workload workload : workloads) {
            double ours = seconds(firstSessions(), workload.kind());
            sessions.forEach((contender, runs) -> {
                double seconds = seconds(runs, workload.kind());
                Answered middle = median(runs, workload.kind(), seconds);
                out.printf(
                        "| %s (%d) | %s | %s | %s | %.2f | %.1f | %.1f | %s | %.2f times |%n",
                        workload.kind(),
                        workload.requests().size(),
                        contender,
                        spread(runs, workload.kind()),
                        whole(runs, workload.kind()),
                        workload.requests().size() / seconds,
                        workload.completionTokens() / seconds,
                        1e3 * middle.stepSeconds(),
                        share.text(workload, middle),
                        seconds / ours);
            });
        }
        out.println();
        out.println("| | start to first token, s | most memory, GB |");
        out.println("|---|---|---|");
        sessions.forEach((contender, runs) -> out.printf(
                "| %s | %.1f | %.1f |%n",
                contender, median(runs, Session::firstTokenSeconds), median(runs, Session::peakBytes) / 1e9));
    }

    private List<Session> firstSessions() {
        return sessions.values().iterator().next();
    }

    private static double seconds(List<Session> runs, WorkloadKind kind) {
        return median(runs, session -> session.workloads().get(kind).engineSeconds());
    }

    /** The run that is nearest to the median. */
    private static Answered median(List<Session> runs, WorkloadKind kind, double seconds) {
        return runs.stream()
                .map(session -> session.workloads().get(kind))
                .min((a, b) ->
                        Double.compare(Math.abs(a.engineSeconds() - seconds), Math.abs(b.engineSeconds() - seconds)))
                .orElseThrow();
    }

    private static double median(List<Session> runs, ToDoubleFunction<Session> figure) {
        return Median.of(runs.stream().mapToDouble(figure).toArray());
    }

    /** The seconds of each run, in their order. */
    private static String spread(List<Session> runs, WorkloadKind kind) {
        List<String> seconds = runs.stream()
                .map(session -> "%.2f".formatted(session.workloads().get(kind).engineSeconds()))
                .toList();
        return String.join(", ", seconds);
    }

    private static String whole(List<Session> runs, WorkloadKind kind) {
        double[] seconds = runs.stream()
                .flatMapToDouble(session -> session.workloads().get(kind).wholeSeconds().stream())
                .toArray();
        return seconds.length == 0 ? "" : "%.1f".formatted(Median.of(seconds));
    }
}
