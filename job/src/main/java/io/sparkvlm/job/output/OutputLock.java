package io.sparkvlm.job.output;

import io.sparkvlm.spark.commit.Ownership;
import java.io.IOException;

/** Keeps other jobs out of an output folder until it is closed. */
public interface OutputLock extends Ownership, AutoCloseable {
    @Override
    void close() throws IOException;
}
