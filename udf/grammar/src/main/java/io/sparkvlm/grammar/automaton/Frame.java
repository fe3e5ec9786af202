package io.sparkvlm.grammar.automaton;

import java.util.HashMap;
import java.util.Map;

/** The calls that a place stands in: where the innermost returns to, and the frame around it. Equal ones are the same object. */
final class Frame {
    private final int id;
    private final Node behind;
    private final Frame outer;
    private final Map<Node, Frame> inner = new HashMap<>(2);

    private Frame(int id, Node behind, Frame outer) {
        this.id = id;
        this.behind = behind;
        this.outer = outer;
    }

    /** The frame that stands in no call. */
    static Frame bottom() {
        return new Frame(0, null, null);
    }

    boolean isBottom() {
        return outer == null;
    }

    int id() {
        return id;
    }

    Node behind() {
        return behind;
    }

    Frame outer() {
        return outer;
    }

    /** @param nextId for the frame, if there is none yet */
    Frame inner(Node returnsTo, int nextId) {
        return inner.computeIfAbsent(returnsTo, node -> new Frame(nextId, node, this));
    }
}
