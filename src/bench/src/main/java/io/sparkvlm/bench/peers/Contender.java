package io.sparkvlm.bench.peers;

import java.io.IOException;
import java.util.List;

/** A way of answering requests on this machine. */
interface Contender {
    String name();

    /** Starts it, has it answer the workloads one after another, and ends it. */
    Session run(List<Workload> workloads) throws IOException, InterruptedException;
}
