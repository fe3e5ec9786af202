package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.preprocessing.media.MediaLimits;
import java.io.IOException;

/** Where media are decoded. */
public enum DecoderIsolation {
    /** In child processes: whatever a file does to its decoder, it does to that alone. */
    CHILD_PROCESSES {
        @Override
        public MediaDecoder open(MediaLimits limits) throws IOException {
            return IsolatedDecoder.open(ChildCommand.ofThisProcess(), limits);
        }
    },
    /** In this process, for inputs that are trusted: a file that crashes its decoder crashes the executor. */
    THIS_PROCESS {
        @Override
        public MediaDecoder open(MediaLimits limits) {
            return new InProcessDecoder(limits);
        }
    };

    /**
     * Makes the decoder that the tasks of this process share.
     *
     * @throws IOException when a child process does not start
     */
    public abstract MediaDecoder open(MediaLimits limits) throws IOException;
}
