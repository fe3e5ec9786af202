package io.sparkvlm.job.text;

import java.util.ArrayList;
import java.util.List;

/** Measures and breaks text in a terminal's cells. Letters of East Asia and emoji take two of them, accents none. */
public final class TerminalText {
    /** Unicode, EastAsianWidth.txt: the blocks that are W or F, roughly. */
    private static final List<Block> WIDE = List.of(
            new Block(0x1100, 0x115F),
            new Block(0x2E80, 0x303E),
            new Block(0x3040, 0xA4CF),
            new Block(0xAC00, 0xD7A3),
            new Block(0xF900, 0xFAFF),
            new Block(0xFE30, 0xFE6F),
            new Block(0xFF00, 0xFF60),
            new Block(0xFFE0, 0xFFE6),
            new Block(0x1F300, 0x1FAFF),
            new Block(0x20000, 0x3FFFD));

    private TerminalText() {}

    static int width(String text) {
        return text.codePoints().map(TerminalText::width).sum();
    }

    /** The lines of a text, each at most so wide; broken at spaces where there are any. */
    public static List<String> wrap(String text, int maxCells) {
        List<String> lines = new ArrayList<>();
        text.lines().forEach(line -> wrapLine(line.stripTrailing(), maxCells, lines));
        return lines;
    }

    private static void wrapLine(String line, int maxCells, List<String> lines) {
        String rest = line;
        for (int end = fitting(rest, maxCells); end < rest.length(); end = fitting(rest, maxCells)) {
            int space = rest.lastIndexOf(' ', end);
            int cut = space > 0 && !rest.substring(0, space).isBlank() ? space : end;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        lines.add(rest);
    }

    /** How many characters fit, at least one. */
    private static int fitting(String text, int maxCells) {
        int cells = 0;
        int index = 0;
        while (index < text.length()) {
            int c = text.codePointAt(index);
            cells += width(c);
            if (cells > maxCells && index > 0) {
                return index;
            }
            index += Character.charCount(c);
        }
        return index;
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return WIDE.stream().anyMatch(block -> block.holds(c)) ? 2 : 1;
    }

    /** A range of code points, both ends in it. */
    private record Block(int first, int last) {
        boolean holds(int c) {
            return c >= first && c <= last;
        }
    }
}
