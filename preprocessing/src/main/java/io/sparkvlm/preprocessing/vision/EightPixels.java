package io.sparkvlm.preprocessing.vision;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Splits eight pixels that lie side by side into their red, green and blue bytes.
 *
 * <p>They are three words: every third byte of a word is masked, and one multiplication moves those bytes side by side
 * to the word's upper end. The compiler makes no vector instructions of a loop that steps by three.
 */
final class EightPixels {
    static final int COUNT = Long.BYTES;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // From byte 0: bytes 0, 3 and 6 of a word come to 5, 6 and 7. From 1: bytes 1, 4 and 7. From 2: 2 and 5 to 5 and 6.
    private static final long THIRDS_FROM_0 = 0x00FF_0000_FF00_00FFL;
    private static final long THIRDS_FROM_1 = THIRDS_FROM_0 << 8;
    private static final long THIRDS_FROM_2 = THIRDS_FROM_0 << 16;
    private static final long GATHER_FROM_0 = (1L << 40) | (1L << 24) | (1L << 8);
    private static final long GATHER_FROM_1 = GATHER_FROM_0 >>> 8;
    private static final long GATHER_FROM_2 = GATHER_FROM_0 >>> 16;
    private static final int GATHERED_AT = 40;

    private EightPixels() {}

    /**
     * Splits eight pixels.
     *
     * @param rgb three bytes a pixel
     * @param from where the first pixel's lie
     * @param to where eight bytes of red go, at this place, of green a plane further on, and of blue two
     */
    static void split(byte[] rgb, int from, byte[] to, int at, int plane) {
        long first = (long) WORD.get(rgb, from); // r g b r g b r g
        long second = (long) WORD.get(rgb, from + Long.BYTES); // b r g b r g b r
        long third = (long) WORD.get(rgb, from + 2 * Long.BYTES); // g b r g b r g b
        WORD.set(to, at, from0(first) | (from1(second) << 24) | (from2(third) << 48));
        WORD.set(to, at + plane, from1(first) | (from2(second) << 24) | (from0(third) << 40));
        WORD.set(to, at + 2 * plane, from2(first) | (from0(second) << 16) | (from1(third) << 40));
    }

    private static long from0(long word) {
        return ((word & THIRDS_FROM_0) * GATHER_FROM_0) >>> GATHERED_AT;
    }

    private static long from1(long word) {
        return ((word & THIRDS_FROM_1) * GATHER_FROM_1) >>> GATHERED_AT;
    }

    private static long from2(long word) {
        return ((word & THIRDS_FROM_2) * GATHER_FROM_2) >>> GATHERED_AT;
    }
}
