package io.sparkvlm.preprocessing.video.ffmpeg;

/**
 * Reads what a packet's first byte says of its frame (the VP9 bitstream, 6.2): two bits of 2, the profile,
 * show_existing_frame, frame_type, show_frame.
 */
final class Vp9Packet {
    private Vp9Packet() {}

    static boolean isKey(byte first) {
        return (first & 0xC0) == 0x80 && (bits(first) & 0x0C) == 0;
    }

    /**
     * Whether a frame of it is shown. Annex B: several frames in a packet end with an index, whose last byte begins with
     * bits of 6, and the last of them is shown.
     */
    static boolean isShown(byte first, byte last) {
        return (last & 0xE0) == 0xC0 || (bits(first) & 0x0A) != 0;
    }

    /** The bits at the same places whatever the profile. */
    private static int bits(byte first) {
        boolean profile3 = (first & 0x30) == 0x30; // has a reserved bit more
        return profile3 ? first << 1 : first;
    }
}
