package io.sparkvlm.engine.schedule;

import java.nio.ByteBuffer;

/**
 * Names what a full block of the key-value cache holds, and everything before it in its sequence: a SHA-256 hash, so that
 * equal keys mean equal keys and values.
 */
record BlockKey(long first, long second, long third, long fourth) {
    /** What comes before a sequence's first block. */
    static final BlockKey ROOT = new BlockKey(0, 0, 0, 0);

    static BlockKey of(byte[] sha256) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256);
        return new BlockKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }
}
