package io.sparkvlm.preprocessing.decode;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.decode.task.DecodeTask;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes in child processes. A medium whose child dies gets one more try in a fresh one, and its row is rejected when
 * that dies, too; other rows notice nothing.
 *
 * <p>Thread-safe.
 */
final class IsolatedDecoder implements MediaDecoder {
    private static final Logger LOGGER = LoggerFactory.getLogger(IsolatedDecoder.class);

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final DecoderPool pool;
    private final PictureMemory memory;

    private IsolatedDecoder(DecoderPool pool, PictureMemory memory) {
        this.pool = pool;
        this.memory = memory;
    }

    /**
     * Starts the first child, the others as they are needed: at most one for each processor, since decoding does nothing
     * but compute.
     *
     * @throws IOException when children do not start on this machine
     */
    static IsolatedDecoder open(ChildCommand command, MediaLimits limits) throws IOException {
        PictureMemory memory = new PictureMemory(limits);
        Path bufferFolder = bufferFolder(memory);
        int most = Runtime.getRuntime().availableProcessors();
        DecoderPool pool = new DecoderPool(command, bufferFolder, most);
        try (DecoderPool.Lease first = pool.take()) {
            first.markReusable();
        } catch (IOException e) {
            pool.close();
            throw new IOException(
                    e.getMessage() + " (--isolate-decoding=false decodes in the executor, if all inputs are trusted)",
                    e);
        }
        LOGGER.info("media are decoded in up to {} child processes, their pictures lie in {}", most, bufferFolder);
        return new IsolatedDecoder(pool, memory);
    }

    /** Shared memory, where the machine, or the container, has enough of it; else files in the page cache. */
    private static Path bufferFolder(PictureMemory memory) throws IOException {
        boolean enough = Files.isWritable(SHARED_MEMORY)
                && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= 2 * memory.bytes();
        return enough ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Override
    public <R> Outcome<R> decode(DecodeTask<R> task, MediaReference reference, Consumer<RgbImage> pictures) {
        Unseen unseen = new Unseen(pictures);
        try (PictureMemory.Lease pixels = memory.take(task.pictureBytes())) {
            try (DecoderPool.Lease lease = pool.takeFor(task.file())) {
                return decode(lease, task, reference, unseen);
            } catch (DecoderDiedException | IOException e) {
                LOGGER.warn("a medium, {}, gets a second try: {}", reference.param(), e.getMessage());
            }
            unseen.startAgain();
            try (DecoderPool.Lease lease = pool.takeFresh()) {
                return decode(lease, task, reference, unseen);
            } catch (DecoderDiedException e) {
                LOGGER.warn("a medium, {}, is given up: {}", reference.param(), e.getMessage());
                return Outcome.rejected(DecoderFailures.rejection(e, task, reference));
            } catch (IOException e) {
                LOGGER.error("a medium, {}, is given up: no decoder starts", reference.param(), e);
                return Outcome.rejected(DecoderFailures.noDecoder(reference));
            }
        }
    }

    private static <R> Outcome<R> decode(
            DecoderPool.Lease lease, DecodeTask<R> task, MediaReference reference, Consumer<RgbImage> pictures)
            throws DecoderDiedException {
        Outcome<R> outcome = lease.child().decode(task, reference, pictures);
        lease.markReusable();
        return outcome;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Hands on the pictures that the first try did not: decoding gives the same ones in the same order. */
    private static final class Unseen implements Consumer<RgbImage> {
        private final Consumer<RgbImage> pictures;
        private int seen;
        private int passed;

        Unseen(Consumer<RgbImage> pictures) {
            this.pictures = pictures;
        }

        void startAgain() {
            passed = 0;
        }

        @Override
        public void accept(RgbImage picture) {
            if (passed++ == seen) {
                seen++;
                pictures.accept(picture);
            }
        }
    }
}
