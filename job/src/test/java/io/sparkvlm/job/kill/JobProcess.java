package io.sparkvlm.job.kill;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A job that runs in a process of its own; closing kills it. */
public record JobProcess(Process process) implements AutoCloseable {
    /** What it has printed by its end, a line each. */
    public List<String> said() throws InterruptedException {
        List<String> lines = process.inputReader().lines().toList();
        process.waitFor();
        return lines;
    }

    /** Waits until something is so, or until its end; whether it lives then. */
    public boolean await(Callable<Boolean> moment) throws Exception {
        while (!moment.call() && process.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return process.isAlive();
    }

    /** Asks it to stop. */
    public void terminate() {
        process.toHandle().destroy(); // the process's own would close what it prints
    }

    /** Without a warning, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for its end; returns its exit code. */
    public int exitCode() throws InterruptedException {
        said();
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
