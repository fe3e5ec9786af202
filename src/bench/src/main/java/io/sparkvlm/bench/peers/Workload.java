package io.sparkvlm.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Requests that are asked all at once, in a file. */
record Workload(WorkloadKind kind, List<Request> requests, Path file) {
    static Workload write(WorkloadKind kind, List<Request> requests, Path folder) throws IOException {
        Path file = folder.resolve(kind + ".jsonl");
        Files.write(file, requests.stream().map(Request::line).toList());
        return new Workload(kind, requests, file);
    }

    int completionTokens() {
        return requests.stream().mapToInt(Request::completionTokens).sum();
    }
}
