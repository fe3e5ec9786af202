package io.sparkvlm.preprocessing.video.ffmpeg;

import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import java.time.Duration;

/** Is there time left for a file? Asked for every packet and every read. */
final class Deadline {
    private final Duration time;
    private final long end;

    private Deadline(Duration time) {
        this.time = time;
        this.end = System.nanoTime() + time.toNanos();
    }

    static Deadline after(Duration time) {
        return new Deadline(time);
    }

    boolean isPast() {
        return System.nanoTime() - end > 0;
    }

    void require() throws UnreadableVideoException {
        if (isPast()) {
            throw new UnreadableVideoException(
                    MediaFault.DECODE_TIMEOUT,
                    "expected a video that is decoded within " + time.toSeconds() + " s, found one that takes longer");
        }
    }
}
