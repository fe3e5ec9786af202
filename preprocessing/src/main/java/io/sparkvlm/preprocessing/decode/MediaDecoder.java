package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.util.function.Consumer;

/**
 * Decodes media into pictures.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public interface MediaDecoder extends AutoCloseable {
    /**
     * Decodes one medium.
     *
     * @param reference named by the rejection when it cannot be decoded
     * @param pictures takes each picture before the next is decoded; its pixels are gone when that returns
     * @return the task's result
     */
    <R> Outcome<R> decode(DecodeTask<R> task, MediaReference reference, Consumer<RgbImage> pictures);

    /** Ends the decoder, and what is being decoded, too. */
    @Override
    void close();
}
