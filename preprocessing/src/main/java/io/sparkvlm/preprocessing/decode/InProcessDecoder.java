package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.decode.task.Decoders;
import io.sparkvlm.preprocessing.media.DecoderMemoryException;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes in this process, into memory that lasts as long as the medium's decoding. Thread-safe. */
final class InProcessDecoder implements MediaDecoder {
    private static final Logger LOGGER = LoggerFactory.getLogger(InProcessDecoder.class);

    private final Decoders decoders = Decoders.load();
    private final PictureMemory memory;

    InProcessDecoder(MediaLimits limits) {
        this.memory = new PictureMemory(limits);
    }

    @Override
    public <R> Outcome<R> decode(DecodeTask<R> task, MediaReference reference, Consumer<RgbImage> pictures) {
        try (PictureMemory.Lease pixels = memory.take(task.pictureBytes());
                BytePointer buffer = buffer(task.pictureBytes())) {
            return task.decode(decoders, buffer.asByteBuffer(), reference, pictures);
        } catch (DecoderMemoryException e) {
            LOGGER.warn("too little memory to decode {}", reference.param(), e);
            return Outcome.rejected(DecoderFailures.outOfMemory(reference));
        }
    }

    private static BytePointer buffer(int bytes) {
        try {
            return new BytePointer(Math.max(1, bytes)); // none has no address
        } catch (OutOfMemoryError e) {
            // JavaCPP's word for native memory that it was not given; the heap is as it was.
            throw new DecoderMemoryException(e);
        }
    }

    @Override
    public void close() {
        // Native libraries stay loaded as long as the process lives.
    }
}
