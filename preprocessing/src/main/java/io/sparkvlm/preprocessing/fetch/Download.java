package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.preprocessing.media.MediaFault;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The result of getting a file from another machine. A failure is a value, too, and neither names the row that asked,
 * because several may have asked for the file.
 */
public sealed interface Download {
    static Download received(byte[] bytes) {
        return new Received(bytes, bytes.length);
    }

    /**
     * The result where the rest of the file is not wanted.
     *
     * @param claimedBytes how large the file is said to be
     */
    static Download start(byte[] bytes, OptionalLong claimedBytes) {
        return new Received(bytes, claimedBytes.orElse(bytes.length + 1L));
    }

    /**
     * The result where there is no file.
     *
     * @param message what was expected, what was found and where
     */
    static Download failed(MediaFault fault, String message) {
        return new Failed(fault, message);
    }

    /** The result for a file that is larger than may be read. */
    static Download tooLarge(int maxBytes) {
        return failed(
                MediaFault.FILE_TOO_LARGE, "expected a file of at most " + maxBytes + " bytes, found a larger one");
    }

    /** Applies whichever of the two functions fits. */
    <R> R fold(Function<Received, R> onReceived, Function<Failed, R> onFailed);

    /**
     * The file, or its start.
     *
     * @param bytes not copied, and not to be changed
     * @param fileBytes of the whole file
     */
    record Received(byte[] bytes, long fileBytes) implements Download {
        public Received {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public <R> R fold(Function<Received, R> onReceived, Function<Failed, R> onFailed) {
            return onReceived.apply(this);
        }
    }

    /** Why there is no file, as a row's error may say it. */
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
