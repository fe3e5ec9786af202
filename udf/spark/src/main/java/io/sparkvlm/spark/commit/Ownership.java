package io.sparkvlm.spark.commit;

import java.io.IOException;

/** Says whether a table is this process's to write. */
@FunctionalInterface
public interface Ownership {
    /**
     * Goes on where it is.
     *
     * @throws IOException where another process may write it by now
     */
    void requireHeld() throws IOException;
}
