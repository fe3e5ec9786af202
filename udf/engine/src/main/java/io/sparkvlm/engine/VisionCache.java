package io.sparkvlm.engine;

import io.sparkvlm.api.VisionInput;
import io.sparkvlm.engine.model.VisionLanguageModel;
import io.sparkvlm.torch.device.DeviceMemory;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * Keeps the vision tower's output by the content of images and videos: sequences that read the same one share it, and it
 * stays for those to come as long as a budget of bytes allows, the longest unused leaving first. For the engine's thread.
 */
final class VisionCache implements AutoCloseable {
    private final Function<List<VisionInput>, List<Tensor>> encoder;
    private final long budgetBytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true); // the longest unused first
    private final Map<String, Tensor> ahead = new HashMap<>(); // encoded and not acquired yet
    private long unusedBytes;
    private long encoded;
    private long found;

    /** One image's or video's embeddings, and how many sequences read them now. */
    private static final class Entry {
        private final Tensor embeddings; // [tokens, hidden size]
        private final long bytes;
        private int readers;

        Entry(Tensor embeddings) {
            this.embeddings = embeddings;
            this.bytes = embeddings.nbytes();
        }
    }

    /**
     * A cache that is empty.
     *
     * @param encoder {@link VisionLanguageModel#encodeVision}
     * @param budgetBytes of embeddings that no sequence reads any more; 0 keeps none
     */
    VisionCache(Function<List<VisionInput>, List<Tensor>> encoder, long budgetBytes) {
        this.encoder = encoder;
        this.budgetBytes = budgetBytes;
    }

    /**
     * Encodes in one pass what of these is not there, for the calls of {@link #acquire} that follow. Where there is no memory
     * for all of them, nothing is encoded here, and each finds out alone.
     */
    void encodeAhead(List<VisionInput> wanted) {
        Map<String, VisionInput> missing = new LinkedHashMap<>();
        wanted.stream()
                .filter(input -> !entries.containsKey(input.contentHash()))
                .forEach(input -> missing.putIfAbsent(input.contentHash(), input));
        if (missing.size() < 2) {
            return; // as well encoded when it is acquired
        }
        try {
            List<Tensor> embeddings = encoder.apply(List.copyOf(missing.values()));
            int next = 0;
            for (String contentHash : missing.keySet()) {
                ahead.put(contentHash, embeddings.get(next++));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!DeviceMemory.ranOut(e)) {
                throw e;
            }
            dropUnused();
        }
    }

    /**
     * The embeddings [input.tokens(), hidden size], which the caller may read until it releases them.
     *
     * @throws RuntimeException as {@link VisionLanguageModel#encodeVision} does
     */
    Tensor acquire(VisionInput input) {
        Entry entry = entries.get(input.contentHash());
        if (entry == null) {
            entry = new Entry(encode(input));
            entries.put(input.contentHash(), entry);
            encoded++;
        } else {
            found++;
            if (entry.readers == 0) {
                unusedBytes -= entry.bytes;
            }
        }
        entry.readers++;
        return entry.embeddings;
    }

    /** Ends one use of an image or video that was acquired. */
    void release(VisionInput input) {
        Entry entry = entries.get(input.contentHash());
        entry.readers--;
        if (entry.readers == 0) {
            unusedBytes += entry.bytes;
            keepUnused(budgetBytes);
        }
    }

    /** Images and videos that the tower was run for. */
    long encoded() {
        return encoded;
    }

    /** Images and videos that were there already. */
    long found() {
        return found;
    }

    /** No sequence may read any embeddings when this is called. */
    @Override
    public void close() {
        ahead.values().forEach(Tensor::close);
        dropUnused();
    }

    /** Frees what no sequence reads. */
    void dropUnused() {
        keepUnused(0);
    }

    /** What no sequence reads is given up for what one needs now. */
    private Tensor encode(VisionInput input) {
        Tensor encodedAhead = ahead.remove(input.contentHash());
        if (encodedAhead != null) {
            return encodedAhead;
        }
        try {
            return encoder.apply(List.of(input)).get(0);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (unusedBytes == 0 || !DeviceMemory.ranOut(e)) {
                throw e;
            }
            dropUnused();
            return encoder.apply(List.of(input)).get(0);
        }
    }

    private void keepUnused(long bytes) {
        Iterator<Entry> longestUnusedFirst = entries.values().iterator();
        while (unusedBytes > bytes) {
            Entry entry = longestUnusedFirst.next();
            if (entry.readers == 0) {
                longestUnusedFirst.remove();
                unusedBytes -= entry.bytes;
                entry.embeddings.close();
            }
        }
    }
}
