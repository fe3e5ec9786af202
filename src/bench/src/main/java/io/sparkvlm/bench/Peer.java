package io.sparkvlm.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Times transformers at the same pictures: a Python process that is asked for one round after another. */
final class Peer implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private Peer(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts it, and waits until it has made its pictures. */
    static Peer start(String python, Path folder) throws IOException {
        Peer peer = new Peer(new ProcessBuilder(
                        python,
                        Checkout.file("src/bench/python/transformers_rate.py").toString(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        peer.answer();
        return peer;
    }

    /** Images a second of processor time, on one thread. */
    double rate(String size, int pictures) throws IOException {
        questions.write(size + " " + pictures + "\n");
        questions.flush();
        return Double.parseDouble(answer().split(" ", 2)[0]);
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("expected an answer of the peer, found its end");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
