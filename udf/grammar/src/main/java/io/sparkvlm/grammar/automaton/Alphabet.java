package io.sparkvlm.grammar.automaton;

/** Characters that texts are made of for long stretches: which there are, and how to read them byte after byte in UTF-8. */
public enum Alphabet {
    /**
     * What stands in a JSON string as it is, and has no end of a line; none of U+2000 to U+203F either, among which are rare ends of
     * lines.
     */
    TEXT {
        @Override
        public int[] bounds() {
            return new int[] {0x20, 0x21, 0x23, 0x5B, 0x5D, 0x1FFF, 0x2040, 0xD7FF, 0xE000, Character.MAX_CODE_POINT};
        }

        @Override
        int next(int at, int value) {
            return switch (at) {
                case BETWEEN -> first(value);
                case BEHIND_E0 -> within(value, 0xA0, LAST_CONTINUATION, 1);
                case BEHIND_E2 -> within(value, 0x81, LAST_CONTINUATION, 1);
                case BEHIND_ED -> within(value, FIRST_CONTINUATION, 0x9F, 1);
                case BEHIND_F0 -> within(value, 0x90, LAST_CONTINUATION, 2);
                case BEHIND_F4 -> within(value, FIRST_CONTINUATION, 0x8F, 2);
                default -> within(value, FIRST_CONTINUATION, LAST_CONTINUATION, at - 1);
            };
        }

        private int first(int value) {
            if (value < FIRST_CONTINUATION) {
                return value >= ' ' && value != '"' && value != '\\' ? BETWEEN : NONE;
            }
            return switch (value) {
                case 0xE0 -> BEHIND_E0;
                case 0xE2 -> BEHIND_E2;
                case 0xED -> BEHIND_ED;
                case 0xF0 -> BEHIND_F0;
                case 0xF4 -> BEHIND_F4;
                default -> value < 0xC2 || value > 0xF4 ? NONE : value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
            };
        }
    },

    /** Letters and digits of ASCII. */
    WORD {
        @Override
        public int[] bounds() {
            return new int[] {'0', '9', 'A', 'Z', 'a', 'z'};
        }

        @Override
        int next(int at, int value) {
            return has(value) ? BETWEEN : NONE;
        }
    },

    /** Small letters of ASCII. */
    SMALL {
        @Override
        public int[] bounds() {
            return new int[] {'a', 'z'};
        }

        @Override
        int next(int at, int value) {
            return has(value) ? BETWEEN : NONE;
        }
    };

    /** Where a character may begin; 1 to 3 are before so many bytes that continue one (RFC 3629, section 4). */
    static final int BETWEEN = 0;

    /** Where bytes lead that no character of the alphabet has. */
    static final int NONE = -1;

    private static final int BEHIND_E0 = 4;
    private static final int BEHIND_E2 = 5; // U+203F is the last with 0x80 behind it
    private static final int BEHIND_ED = 6;
    private static final int BEHIND_F0 = 7;
    private static final int BEHIND_F4 = 8;
    private static final int FIRST_CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xBF;

    /** The first and the last character of each range, one behind the other. */
    public abstract int[] bounds();

    /** Where a byte leads to. */
    abstract int next(int at, int value);

    boolean has(int codePoint) {
        int[] bounds = bounds();
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= codePoint && codePoint <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private static int within(int value, int first, int last, int next) {
        return first <= value && value <= last ? next : NONE;
    }
}
