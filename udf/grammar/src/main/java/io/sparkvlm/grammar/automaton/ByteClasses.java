package io.sparkvlm.grammar.automaton;

import java.util.BitSet;

/** Puts bytes that no edge of a grammar tells apart into one class, so that a state's table is short. */
final class ByteClasses {
    private static final int BYTES = 256;

    private final byte[] classOf = new byte[BYTES];
    private final int count;

    ByteClasses(Nfa nfa) {
        BitSet starts = new BitSet();
        for (int id = 0; id < nfa.size(); id++) {
            Node node = nfa.node(id);
            for (int edge = 0; edge < node.edges(); edge++) {
                starts.set(node.firstByte(edge));
                starts.set(node.lastByte(edge) + 1);
            }
        }
        int last = 0;
        for (int value = 1; value < BYTES; value++) {
            if (starts.get(value)) {
                last++;
            }
            classOf[value] = (byte) last;
        }
        this.count = last + 1;
    }

    int of(byte value) {
        return classOf[value & 0xFF] & 0xFF;
    }

    int count() {
        return count;
    }
}
