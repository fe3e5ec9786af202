package io.sparkvlm.job.export;

import java.io.IOException;

/** Writes scored answers, one after the other, to a stream that it does not close. */
interface SampleWriter {
    void write(Sample sample) throws IOException;

    /**
     * Ends the file.
     *
     * @return what was lost on the way, as the end of a sentence; empty where nothing was
     */
    String finish() throws IOException;
}
