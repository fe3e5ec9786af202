package io.sparkvlm.bench.peers;

/** What is asked; the names are those of the command line. */
enum WorkloadKind {
    W1("a picture of 980 x 980 each, 100 text tokens, 32 out", 16),
    W2("64 text tokens, 128 out", 8),
    W2_SAMPLED("64 text tokens, 128 out, temperature 1", 8),
    W4("one picture of 980 x 980, 100 other text tokens each, 32 out", 8),
    W5("conversations about a picture, 4 turns each with all turns before it, 32 out", 32),
    W6("text, one to four pictures or 2 to 8 frames; 20 to 1,500 text tokens; 1 to 200 out", 100);

    private final String description;
    private final int defaultRequests;

    WorkloadKind(String description, int defaultRequests) {
        this.description = description;
        this.defaultRequests = defaultRequests;
    }

    String description() {
        return description;
    }

    int defaultRequests() {
        return defaultRequests;
    }
}
