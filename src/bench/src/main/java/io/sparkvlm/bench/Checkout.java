package io.sparkvlm.bench;

import java.nio.file.Path;

/** The files of the checkout that benchmarks start with. */
public final class Checkout {
    private Checkout() {}

    /** A checkpoint of random weights with a tokenizer and a template. */
    public static Path smallCheckpoint() {
        return file("preprocessing/src/test/resources/reference/tied/checkpoint");
    }

    /** Below the folder that src/bench/run says, else below the current one. */
    public static Path file(String name) {
        return Path.of(System.getProperty("sparkvlm.checkout", "")).resolve(name);
    }
}
