package io.sparkvlm.grammar.automaton;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A piece of a grammar that can be put into any place of one. */
@FunctionalInterface
public interface Part {
    /** Nothing at all. */
    Part EMPTY = (nfa, from) -> from;

    /** What no bytes are. */
    Part NEVER = (nfa, from) -> nfa.node();

    /** Adds this piece behind a node, and gives the node behind the piece. */
    Node append(Nfa nfa, Node from);

    /**
     * Told each node that this is put behind where it is repeated.
     *
     * @param times that it may follow from there
     */
    default void announce(Node from, int times) {}

    /** These bytes. */
    static Part bytes(byte[] bytes) {
        return (nfa, from) -> {
            Node at = from;
            for (byte value : bytes) {
                Node next = nfa.node();
                at.addEdge(value & 0xFF, value & 0xFF, next);
                at = next;
            }
            return at;
        };
    }

    /** Characters of ASCII. */
    static Part ascii(String text) {
        return bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One of these, told apart byte by byte, so that thousands that begin alike are not thousands of places. */
    static Part oneOf(Collection<byte[]> texts) {
        return (nfa, from) -> {
            Map<Long, Node> known = new HashMap<>(); // by the node before and the byte
            Node end = nfa.node();
            for (byte[] text : texts) {
                Node at = from;
                for (byte value : text) {
                    Node before = at;
                    at = known.computeIfAbsent((long) at.id() << Byte.SIZE | (value & 0xFF), key -> {
                        Node next = nfa.node();
                        before.addEdge(value & 0xFF, value & 0xFF, next);
                        return next;
                    });
                }
                at.skips().add(end);
            }
            return end;
        };
    }

    static Part sequence(Part... parts) {
        return sequence(List.of(parts));
    }

    static Part sequence(List<Part> parts) {
        return (nfa, from) -> {
            Node at = from;
            for (Part part : parts) {
                at = part.append(nfa, at);
            }
            return at;
        };
    }

    static Part anyOf(Part... parts) {
        return anyOf(List.of(parts));
    }

    static Part anyOf(List<Part> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return (nfa, from) -> {
            Node end = nfa.node();
            for (Part part : parts) {
                Node start = nfa.node(); // of its own: a part may lead back to its start
                from.skips().add(start);
                part.append(nfa, start).skips().add(end);
            }
            return end;
        };
    }

    default Part optional() {
        return repeated(0, 1);
    }

    /** As often as one likes. */
    default Part repeated(int min) {
        return (nfa, from) -> {
            Node at = times(nfa, from, min, Integer.MAX_VALUE);
            Node loop = nfa.node();
            at.skips().add(loop);
            Node start = nfa.node(); // of its own, as what it announces holds inside the loop alone
            loop.skips().add(start);
            announce(start, Integer.MAX_VALUE);
            append(nfa, start).skips().add(loop);
            Node end = nfa.node();
            loop.skips().add(end);
            return end;
        };
    }

    default Part repeated(int min, int max) {
        return (nfa, from) -> {
            Node at = times(nfa, from, min, max);
            Node end = nfa.node();
            for (int i = min; i < max; i++) {
                at.skips().add(end);
                Node start = nfa.node();
                at.skips().add(start);
                announce(start, max - i);
                at = append(nfa, start);
            }
            at.skips().add(end);
            return end;
        };
    }

    private Node times(Nfa nfa, Node from, int count, int max) {
        Node at = from;
        for (int i = 0; i < count; i++) {
            nfa.repeat();
            announce(at, max - i);
            at = append(nfa, at);
        }
        return at;
    }
}
