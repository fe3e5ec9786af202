package io.sparkvlm.preprocessing.prompt;

/**
 * Turns bytes that come a few at a time into text. A character that is not complete yet is held back; bytes that can no
 * longer become one are U+FFFD, one for each longest piece that could have begun a character, as Unicode recommends and
 * Hugging Face's decoder does. (Java's own decoder counts surrogates and some other pieces differently.) Not
 * thread-safe.
 */
final class Utf8Text {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int CONTINUATION_MIN = 0x80;
    private static final int CONTINUATION_MAX = 0xBF;

    private int codePoint;
    private int missingBytes;
    private int lower = CONTINUATION_MIN;
    private int upper = CONTINUATION_MAX;

    /** Takes bytes, and returns the text that they complete. */
    String append(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            int next = Byte.toUnsignedInt(value);
            if (missingBytes > 0 && (next < lower || next > upper)) {
                text.append(end());
            }
            if (missingBytes > 0) {
                proceed(next, text);
            } else {
                begin(next, text);
            }
        }
        return text.toString();
    }

    /** The text that is left when no more bytes come. */
    String end() {
        String rest = missingBytes > 0 ? String.valueOf(REPLACEMENT) : "";
        expect(0, 0, CONTINUATION_MIN, CONTINUATION_MAX);
        return rest;
    }

    /** Unicode 16, table 3-7: which bytes begin a character, and what may follow them. */
    private void begin(int first, StringBuilder text) {
        if (first < 0x80) {
            text.append((char) first);
        } else if (first >= 0xC2 && first <= 0xDF) {
            expect(1, first & 0x1F, CONTINUATION_MIN, CONTINUATION_MAX);
        } else if (first >= 0xE0 && first <= 0xEF) {
            expect(2, first & 0x0F, first == 0xE0 ? 0xA0 : CONTINUATION_MIN, first == 0xED ? 0x9F : CONTINUATION_MAX);
        } else if (first >= 0xF0 && first <= 0xF4) {
            expect(3, first & 0x07, first == 0xF0 ? 0x90 : CONTINUATION_MIN, first == 0xF4 ? 0x8F : CONTINUATION_MAX);
        } else {
            text.append(REPLACEMENT);
        }
    }

    private void proceed(int next, StringBuilder text) {
        expect(missingBytes - 1, (codePoint << 6) | (next & 0x3F), CONTINUATION_MIN, CONTINUATION_MAX);
        if (missingBytes == 0) {
            text.appendCodePoint(codePoint);
        }
    }

    private void expect(int bytes, int codePointSoFar, int smallest, int largest) {
        missingBytes = bytes;
        codePoint = codePointSoFar;
        lower = smallest;
        upper = largest;
    }
}
