package io.sparkvlm.spark.commit;

import io.sparkvlm.api.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Holds texts by 128 bits of their SHA-256, which takes 21 to 43 bytes a text, however long it is. Two texts with the same bits
 * would be one; none are known.
 */
final class DigestSet implements Serializable {
    /**
     * Two longs a slot, zeros where it is free, and a power of two of slots; a text is in the first free one from where its bits
     * point to. One slot at first: most sets travel empty.
     */
    private long[] slots = new long[2];

    private int size;

    void add(String text) {
        ByteBuffer digest = digest(text);
        add(digest.getLong(), digest.getLong());
    }

    void addAll(DigestSet more) {
        // At first: in the order of their slots digests would crowd the first ones of fewer.
        while (size + more.size > most()) {
            grow();
        }
        for (int slot = 0; slot < more.slots.length; slot += 2) {
            if (more.isTaken(slot)) {
                add(more.slots[slot], more.slots[slot + 1]);
            }
        }
    }

    boolean contains(String text) {
        ByteBuffer digest = digest(text);
        return isTaken(slot(digest.getLong(), digest.getLong()));
    }

    boolean intersects(DigestSet other) {
        for (int slot = 0; slot < slots.length; slot += 2) {
            if (isTaken(slot) && other.isTaken(other.slot(slots[slot], slots[slot + 1]))) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return size;
    }

    private void add(long high, long low) {
        int slot = slot(high, low);
        if (isTaken(slot)) {
            return;
        }
        slots[slot] = high;
        slots[slot + 1] = low;
        size++;
        if (size > most()) {
            grow();
        }
    }

    /** Fuller, a search takes many steps. */
    private int most() {
        return slots.length / 2 * 3 / 4;
    }

    private void grow() {
        DigestSet larger = new DigestSet();
        larger.slots = new long[slots.length * 2];
        larger.addAll(this);
        slots = larger.slots;
    }

    private boolean isTaken(int slot) {
        return (slots[slot] | slots[slot + 1]) != 0;
    }

    /** Where the digest is, or would be. */
    private int slot(long high, long low) {
        int slot = (int) high & (slots.length - 2);
        while (isTaken(slot) && (slots[slot] != high || slots[slot + 1] != low)) {
            slot = (slot + 2) & (slots.length - 2);
        }
        return slot;
    }

    private static ByteBuffer digest(String text) {
        return ByteBuffer.wrap(Arrays.copyOf(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)), 16));
    }
}
