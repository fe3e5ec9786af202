package io.sparkvlm.grammar.automaton;

import io.sparkvlm.grammar.automaton.Node.Call;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A grammar over bytes: nodes with edges, and rules that are called as procedures are, so that it may nest without end.
 * Built by one thread, and only read once an {@link Automaton} has been made of it.
 */
public final class Nfa {
    /** Some 10 MB of nodes; a schema of hundreds of properties has a few thousand. */
    private static final int MAX_NODES = 60_000;

    /** Repetitions of parts, of which some take no node. */
    private static final int MAX_REPETITIONS = 1_000_000;

    private final List<Node> nodes = new ArrayList<>();
    private final BitSet ends = new BitSet();
    private int repetitions;

    public Node node() {
        if (nodes.size() == MAX_NODES) {
            throw new TooLargeException(MAX_NODES);
        }
        Node node = new Node(nodes.size());
        nodes.add(node);
        return node;
    }

    /** Counts one more time that a part is put in. */
    void repeat() {
        repetitions++;
        if (repetitions > MAX_REPETITIONS) {
            throw new TooLargeException(MAX_NODES);
        }
    }

    /** Adds edges for a range of bytes. */
    public void edge(Node from, int first, int last, Node to) {
        from.addEdge(first, last, to);
    }

    /** Adds a way that takes no byte. */
    public void skip(Node from, Node to) {
        from.skips().add(to);
    }

    /** A rule that can be called before it is {@linkplain #define defined}. */
    public Rule rule() {
        Rule rule = new Rule(node(), node());
        ends.set(rule.end().id());
        return rule;
    }

    public void define(Rule rule, Part part) {
        skip(part.append(this, rule.start()), rule.end());
    }

    /** What the rule is, to be put into others. */
    public static Part call(Rule rule) {
        return (nfa, from) -> {
            Node behind = nfa.node();
            from.calls().add(new Call(rule, behind));
            return behind;
        };
    }

    int size() {
        return nodes.size();
    }

    Node node(int id) {
        return nodes.get(id);
    }

    boolean isEnd(Node node) {
        return ends.get(node.id());
    }

    /** The nodes from which the end of their rule can be reached; what leads to others would never end. */
    BitSet live() {
        BitSet live = (BitSet) ends.clone();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (int id = nodes.size() - 1; id >= 0; id--) { // most edges lead to later nodes
                if (!live.get(id) && leadsTo(live, nodes.get(id))) {
                    live.set(id);
                    grown = true;
                }
            }
        }
        return live;
    }

    private static boolean leadsTo(BitSet live, Node node) {
        for (int edge = 0; edge < node.edges(); edge++) {
            if (live.get(node.target(edge).id())) {
                return true;
            }
        }
        return node.skips().stream().anyMatch(next -> live.get(next.id()))
                || node.calls().stream()
                        .anyMatch(call -> live.get(call.rule().start().id())
                                && live.get(call.behind().id()));
    }
}
