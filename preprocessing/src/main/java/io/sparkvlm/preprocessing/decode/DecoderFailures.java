package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.media.MediaReference;

/** Words the rejections of media that no decoder survives. */
final class DecoderFailures {
    private DecoderFailures() {}

    static Rejection rejection(DecoderDiedException failure, DecodeTask<?> task, MediaReference reference) {
        return switch (failure.how()) {
            case CRASHED ->
                crashed(
                        reference,
                        "expected a file that can be decoded, found one that crashes its decoder, twice; save it anew with"
                                + " another program");
            case OUT_OF_MEMORY -> outOfMemory(reference);
            case NO_SPACE ->
                crashed(
                        reference,
                        "expected room for a picture of " + task.pictureBytes()
                                + " bytes in the executor's shared memory or temporary folder, found them full");
            case TIMED_OUT ->
                Rejection.at(
                        reference.param(),
                        MediaCode.MEDIA_DECODE_TIMEOUT,
                        "expected a file that is decoded within "
                                + task.timeBudget().toSeconds()
                                + " s, found one that takes longer, twice; make it smaller");
        };
    }

    static Rejection outOfMemory(MediaReference reference) {
        return crashed(
                reference,
                "expected a file that can be decoded within the memory of a decoder, found one that takes more; make it"
                        + " smaller");
    }

    static Rejection noDecoder(MediaReference reference) {
        return crashed(reference, "expected a decoder process, found that none starts; the executor's log says why");
    }

    private static Rejection crashed(MediaReference reference, String message) {
        return Rejection.at(reference.param(), MediaCode.MEDIA_DECODE_CRASHED, message);
    }
}
