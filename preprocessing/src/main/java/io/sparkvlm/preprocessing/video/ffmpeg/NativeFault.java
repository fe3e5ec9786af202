package io.sparkvlm.preprocessing.video.ffmpeg;

import io.sparkvlm.preprocessing.video.UnreadableVideoException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Turns the errors that FFmpeg returns into those of a damaged file. A lack of memory is one, too, because Linux lacks
 * it only for one who asks for more than {@link VideoDecoder} lets a file ask for.
 */
final class NativeFault {
    /** errno.h of Linux, as FFmpeg returns it. */
    static final int TRY_AGAIN = -11;

    private static final int MESSAGE_BYTES = 64; // libavutil, AV_ERROR_MAX_STRING_SIZE

    private NativeFault() {}

    static void require(int code, String message) throws UnreadableVideoException {
        if (code < 0) {
            byte[] text = new byte[MESSAGE_BYTES];
            avutil.av_strerror(code, text, text.length);
            throw UnreadableVideoException.damaged(
                    message + ": " + new String(text, StandardCharsets.US_ASCII).replace("\0", ""));
        }
    }
}
