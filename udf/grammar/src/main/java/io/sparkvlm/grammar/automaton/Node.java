package io.sparkvlm.grammar.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A place in a {@link Nfa}, with the ways on from it. */
public final class Node {
    private static final int[] NONE = {};

    private final int id;
    private final List<Node> skips = new ArrayList<>(1);
    private final List<Call> calls = new ArrayList<>(0);
    private int[] bytes = NONE; // first and last byte of each edge
    private List<Node> targets = List.of();
    private Map<Alphabet, Integer> freedom = Map.of();

    Node(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    List<Node> skips() {
        return skips;
    }

    List<Call> calls() {
        return calls;
    }

    int edges() {
        return targets.size();
    }

    int firstByte(int edge) {
        return bytes[2 * edge];
    }

    int lastByte(int edge) {
        return bytes[2 * edge + 1];
    }

    Node target(int edge) {
        return targets.get(edge);
    }

    /** How many characters of some alphabets it takes, whatever they are. */
    Map<Alphabet, Integer> freedom() {
        return freedom;
    }

    void takeAny(Alphabet alphabet, int characters) {
        if (freedom.isEmpty()) {
            freedom = new EnumMap<>(Alphabet.class);
        }
        freedom.merge(alphabet, characters, Math::max);
    }

    void addEdge(int first, int last, Node target) {
        int[] more = Arrays.copyOf(bytes, bytes.length + 2);
        more[bytes.length] = first;
        more[bytes.length + 1] = last;
        bytes = more;
        if (targets.isEmpty()) {
            targets = new ArrayList<>(1);
        }
        targets.add(target);
    }

    /** A way through a rule and back to the node behind it. */
    record Call(Rule rule, Node behind) {}
}
