package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.preprocessing.media.MediaFault;
import java.util.Objects;
import java.util.function.Function;

/**
 * What came of getting a file from another machine? A value for a failure too, and without the row that asked: several
 * may have asked for it.
 */
public sealed interface Download {
    static Download received(byte[] bytes) {
        return new Received(bytes);
    }

    /**
     * There is no file.
     *
     * @param message what was expected, what was found and where
     */
    static Download failed(MediaFault fault, String message) {
        return new Failed(fault, message);
    }

    /** A file of which no more than this may be read has more. */
    static Download tooLarge(int maxBytes) {
        return failed(
                MediaFault.FILE_TOO_LARGE, "expected a file of at most " + maxBytes + " bytes, found a larger one");
    }

    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<Received, R> onReceived, Function<Failed, R> onFailed);

    /** All of the file; not copied, so nobody changes it. */
    record Received(byte[] bytes) implements Download {
        public Received {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public <R> R fold(Function<Received, R> onReceived, Function<Failed, R> onFailed) {
            return onReceived.apply(this);
        }
    }

    /** Why there is none, as a row's error may say it. */
    record Failed(MediaFault fault, String message) implements Download {
        public Failed {
            Objects.requireNonNull(fault, "fault");
            Objects.requireNonNull(message, "message");
        }

        @Override
        public <R> R fold(Function<Received, R> onReceived, Function<Failed, R> onFailed) {
            return onFailed.apply(this);
        }
    }
}
