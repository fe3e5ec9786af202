package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Node;
import io.sparkvlm.grammar.automaton.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a set of characters as the bytes that UTF-8 has for them: ranges of bytes, one behind the other. */
final class Utf8 {
    private static final int CONTINUATION_BITS = 6;
    /** The last code points of one, two and three bytes (RFC 3629). */
    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF};

    private Utf8() {}

    /** One character of the set. */
    static Part character(CodePoints set) {
        List<List<Range>> sequences = sequences(set);
        return (nfa, from) -> {
            Node end = nfa.node();
            Map<List<Range>, Node> tails = new HashMap<>(); // shared: most characters end alike
            for (List<Range> sequence : sequences) {
                link(nfa, from, sequence, end, tails);
            }
            return end;
        };
    }

    private static void link(Nfa nfa, Node from, List<Range> sequence, Node end, Map<List<Range>, Node> tails) {
        Range first = sequence.get(0);
        List<Range> rest = sequence.subList(1, sequence.size());
        Node next = rest.isEmpty() ? end : tails.get(rest);
        if (next == null) {
            next = nfa.node();
            tails.put(rest, next);
            link(nfa, next, rest, end, tails);
        }
        nfa.edge(from, first.first(), first.last(), next);
    }

    private static List<List<Range>> sequences(CodePoints set) {
        List<List<Range>> sequences = new ArrayList<>();
        for (int[] range : set.ranges()) {
            split(range[0], range[1], sequences);
        }
        return sequences;
    }

    /** Cuts a range where lengths change, and where the bytes before the last ones do, until each piece is one sequence. */
    private static void split(int first, int last, List<List<Range>> out) {
        for (int limit : LAST_OF_LENGTH) {
            if (first <= limit && limit < last) {
                split(first, limit, out);
                split(limit + 1, last, out);
                return;
            }
        }
        for (int bits = CONTINUATION_BITS;
                bits <= 3 * CONTINUATION_BITS && last > LAST_OF_LENGTH[0];
                bits += CONTINUATION_BITS) {
            int mask = (1 << bits) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    split(first, first | mask, out);
                    split((first | mask) + 1, last, out);
                    return;
                }
                if ((last & mask) != mask) {
                    split(first, (last & ~mask) - 1, out);
                    split(last & ~mask, last, out);
                    return;
                }
            }
        }
        byte[] low = new String(Character.toChars(first)).getBytes(StandardCharsets.UTF_8);
        byte[] high = new String(Character.toChars(last)).getBytes(StandardCharsets.UTF_8);
        List<Range> sequence = new ArrayList<>(low.length);
        for (int i = 0; i < low.length; i++) {
            sequence.add(new Range(low[i] & 0xFF, high[i] & 0xFF));
        }
        out.add(sequence);
    }

    private record Range(int first, int last) {}
}
