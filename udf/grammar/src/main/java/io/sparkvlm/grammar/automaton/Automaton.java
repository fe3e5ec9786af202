package io.sparkvlm.grammar.automaton;

import io.sparkvlm.grammar.automaton.Node.Call;
import io.sparkvlm.grammar.automaton.State.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the states of a grammar as bytes lead to them, and remembers them. Each has finitely many places; there may be any number
 * of states, since calls may nest without end. Not thread-safe.
 */
final class Automaton {
    /** A state of more is taken for dead: only grammars that are made to be ambiguous have such ones. */
    private static final int MAX_PLACES = 8192;

    private static final int MAX_VISITS = 4 * MAX_PLACES;

    private final Nfa nfa;
    private final BitSet live;
    private final ByteClasses classes;
    private final Frame bottom = Frame.bottom();
    private final State start;
    private final Map<Places, State> states = new HashMap<>();
    private final Map<List<Place>, State> closures = new HashMap<>();
    private final Map<Frame, State> returns = new HashMap<>();
    private int frames = 1;
    private long visits;

    Automaton(Nfa nfa, Rule root) {
        this.nfa = nfa;
        this.live = nfa.live();
        this.classes = new ByteClasses(nfa);
        this.start = closed(List.of(new Place(root.start(), bottom)));
    }

    /** Dead where the grammar has no bytes at all, or is too ambiguous to begin. */
    State start() {
        return start;
    }

    State next(State state, byte value) {
        if (state.ended()) {
            return State.DEAD;
        }
        int byteClass = classes.of(value);
        State known = state.next()[byteClass];
        if (known == null) {
            known = computed(state, value & 0xFF);
            state.next()[byteClass] = known;
        }
        return known;
    }

    private State computed(State state, int value) {
        List<Place> reached = new ArrayList<>();
        for (Place place : state.places()) {
            Node node = place.node();
            for (int edge = 0; edge < node.edges(); edge++) {
                if (node.firstByte(edge) <= value && value <= node.lastByte(edge)) {
                    reached.add(new Place(node.target(edge), place.frame()));
                }
            }
        }
        return reached.isEmpty() ? State.DEAD : closures.computeIfAbsent(reached, this::closed);
    }

    /** The state's places by the innermost call they stand in, as states of that call alone: what happens in it depends on it alone. */
    Map<Frame, State> calls(State state) {
        Map<Frame, List<Place>> byFrame = new LinkedHashMap<>();
        for (Place place : state.places()) {
            byFrame.computeIfAbsent(place.frame(), frame -> new ArrayList<>()).add(new Place(place.node(), bottom));
        }
        Map<Frame, State> calls = new LinkedHashMap<>();
        byFrame.forEach((frame, places) -> calls.put(frame, interned(places, false)));
        return calls;
    }

    /** Where a call returns to; dead for what is in no call. */
    State returned(Frame frame) {
        return frame.isBottom()
                ? State.DEAD
                : returns.computeIfAbsent(frame, it -> closed(List.of(new Place(it.behind(), it.outer()))));
    }

    /** How many states are remembered. */
    int size() {
        return states.size();
    }

    /** Grows with the work that was done for states that were not remembered. */
    long visits() {
        return visits;
    }

    /** The state of places, and of what they lead to without a byte. */
    private State closed(List<Place> reached) {
        Deque<Place> open = new ArrayDeque<>(reached);
        Set<Long> seen = new HashSet<>();
        List<Place> places = new ArrayList<>();
        boolean complete = false;
        while (!open.isEmpty()) {
            Place place = open.pop();
            Node node = place.node();
            if (!live.get(node.id()) || !seen.add(place.key())) {
                continue;
            }
            if (seen.size() > MAX_VISITS || places.size() > MAX_PLACES) {
                return State.DEAD;
            }
            if (node.edges() > 0) {
                places.add(place);
            }
            for (Node skip : node.skips()) {
                open.push(new Place(skip, place.frame()));
            }
            for (Call call : node.calls()) {
                if (live.get(call.behind().id())) {
                    open.push(new Place(call.rule().start(), inner(place.frame(), call.behind())));
                }
            }
            if (nfa.isEnd(node)) {
                if (place.frame().isBottom()) {
                    complete = true;
                } else {
                    open.push(new Place(place.frame().behind(), place.frame().outer()));
                }
            }
        }
        visits += seen.size();
        return places.isEmpty() && !complete ? State.DEAD : interned(places, complete);
    }

    private Frame inner(Frame frame, Node behind) {
        Frame inner = frame.inner(behind, frames);
        frames = Math.max(frames, inner.id() + 1);
        return inner;
    }

    private State interned(List<Place> places, boolean complete) {
        Place[] sorted = places.toArray(Place[]::new);
        Arrays.sort(sorted, Comparator.comparingLong(Place::key));
        long[] keys = Arrays.stream(sorted).mapToLong(Place::key).toArray();
        return states.computeIfAbsent(new Places(keys, complete), key -> new State(sorted, complete, classes.count()));
    }

    /** Equal for equal states. */
    private static final class Places {
        private final long[] keys;
        private final boolean complete;

        Places(long[] keys, boolean complete) {
            this.keys = keys;
            this.complete = complete;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Places places && complete == places.complete && Arrays.equals(keys, places.keys);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(keys) + Boolean.hashCode(complete);
        }
    }
}
