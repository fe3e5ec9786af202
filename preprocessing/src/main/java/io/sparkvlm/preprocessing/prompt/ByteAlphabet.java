package io.sparkvlm.preprocessing.prompt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The characters that a tokenizer of bytes writes for them: GPT-2's bytes_to_unicode. Printable bytes are themselves, the others
 * follow from U+0100 on.
 */
final class ByteAlphabet {
    private static final int BYTE_VALUES = 256;
    private static final short NO_BYTE = -1;

    /** By character. */
    private static final short[] BYTE_OF = byteOf();

    private ByteAlphabet() {}

    private static short[] byteOf() {
        short[] byteOf = new short[2 * BYTE_VALUES];
        Arrays.fill(byteOf, NO_BYTE);
        int next = BYTE_VALUES;
        for (int value = 0; value < BYTE_VALUES; value++) {
            boolean printable = (value >= '!' && value <= '~')
                    || (value >= '\u00A1' && value <= '\u00AC')
                    || (value >= '\u00AE' && value <= '\u00FF');
            byteOf[printable ? value : next++] = (short) value;
        }
        return byteOf;
    }

    /** A token whose characters all stand for bytes is those bytes; another one is its own text. */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = token.charAt(i);
            short value = character < BYTE_OF.length ? BYTE_OF[character] : NO_BYTE;
            if (value == NO_BYTE) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
