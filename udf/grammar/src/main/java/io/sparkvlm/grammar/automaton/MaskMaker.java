package io.sparkvlm.grammar.automaton;

import io.sparkvlm.grammar.automaton.State.LocalMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Finds the tokens that may follow a state. What the innermost call decides alone is found once for each of its states, and shared
 * by all places it is called from; what leaves the call is looked at anew. Not thread-safe.
 */
final class MaskMaker {
    /** Some 0.3 s of a core: a grammar made to be slow shall not hold the others' step for longer. */
    private static final long MAX_VISITS = 5_000_000;

    /** Of 19 kB each for a vocabulary of 152,000: answers that nest deep find more and more of them. */
    private static final int MAX_KEPT = 2000;

    private final Automaton automaton;
    private final TokenTrie trie;
    private final State[] path;
    private final List<State> kept = new ArrayList<>();

    MaskMaker(Automaton automaton, TokenTrie trie) {
        this.automaton = automaton;
        this.trie = trie;
        this.path = new State[trie.deepest() + 1];
    }

    /** A bit for each token; no bit at all where there are too many states to look at. */
    long[] mask(State state) {
        return state.mask().orElseGet(() -> {
            long[] mask = trie.emptyMask();
            long limit = automaton.visits() + MAX_VISITS;
            for (Map.Entry<Frame, State> call : automaton.calls(state).entrySet()) {
                LocalMask local = local(call.getValue(), limit);
                for (int word = 0; word < mask.length; word++) {
                    mask[word] |= local.allowed()[word];
                }
                State behind = automaton.returned(call.getKey());
                if (!behind.ended()) {
                    for (int left : local.returns()) {
                        walk(left + 1, trie.end(left), behind, mask, node -> {}, limit);
                    }
                }
                if (automaton.visits() > limit) {
                    return trie.emptyMask();
                }
            }
            count(state);
            state.keepMask(mask);
            return mask;
        });
    }

    private LocalMask local(State call, long limit) {
        return call.localMask().orElseGet(() -> {
            long[] allowed = trie.emptyMask();
            IntStream.Builder returns = IntStream.builder();
            walk(0, trie.size(), call, allowed, returns, limit);
            LocalMask local = new LocalMask(allowed, returns.build().toArray());
            if (automaton.visits() <= limit) {
                count(call);
                call.keepLocalMask(local);
            }
            return local;
        });
    }

    /** Before a state keeps a mask: all others forget theirs, once there are too many, and get them anew when they are asked. */
    private void count(State state) {
        if (kept.size() == MAX_KEPT) {
            kept.forEach(State::forgetMasks);
            kept.clear();
        }
        kept.add(state);
    }

    /**
     * Walks through nodes of the trie that stand side by side, with all below them.
     *
     * @param state before the first byte
     * @param completed told each node at which the state is complete and tokens go on
     */
    private void walk(int from, int to, State state, long[] mask, IntConsumer completed, long limit) {
        if (from == to) {
            return;
        }
        int above = trie.depth(from) - 1;
        path[above] = state;
        int node = from;
        while (node < to && automaton.visits() <= limit) {
            int depth = trie.depth(node);
            State before = path[depth - 1];
            if (trie.end(node) > node + 1 && trie.allFollow(node, before)) {
                trie.allow(node, trie.end(node), mask);
                node = trie.end(node);
                continue;
            }
            State next = automaton.next(before, trie.label(node));
            if (next == State.DEAD) {
                node = trie.end(node);
                continue;
            }
            path[depth] = next;
            trie.allow(node, node + 1, mask);
            if (next.complete() && trie.end(node) > node + 1) {
                completed.accept(node);
            }
            node++;
        }
    }
}
