package io.sparkvlm.grammar.automaton;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * All places of a grammar that the bytes so far may have led to. Equal ones of an automaton are the same object. Not
 * thread-safe.
 */
final class State {
    /** Of no place: what bytes lead to that the grammar does not have. */
    static final State DEAD = new State(new Place[0], false, 0);

    private final Place[] places;
    private final boolean complete;
    private final State[] next; // by the class of the byte; null until it is asked for
    private final Map<Alphabet, Integer> freedom = new EnumMap<>(Alphabet.class);
    private Optional<long[]> mask = Optional.empty();
    private Optional<LocalMask> localMask = Optional.empty();

    /** @param complete whether the bytes so far are a whole */
    State(Place[] places, boolean complete, int byteClasses) {
        this.places = places;
        this.complete = complete;
        this.next = new State[byteClasses];
        for (Place place : places) {
            place.node().freedom().forEach((alphabet, characters) -> freedom.merge(alphabet, characters, Math::max));
        }
    }

    Place[] places() {
        return places;
    }

    boolean complete() {
        return complete;
    }

    /** Whether there is no byte that may follow. */
    boolean ended() {
        return places.length == 0;
    }

    State[] next() {
        return next;
    }

    /** How many characters of the alphabet it takes at least, whatever they are. */
    int freedom(Alphabet alphabet) {
        return freedom.getOrDefault(alphabet, 0);
    }

    Optional<long[]> mask() {
        return mask;
    }

    void keepMask(long[] found) {
        mask = Optional.of(found);
    }

    Optional<LocalMask> localMask() {
        return localMask;
    }

    void keepLocalMask(LocalMask found) {
        localMask = Optional.of(found);
    }

    void forgetMasks() {
        mask = Optional.empty();
        localMask = Optional.empty();
    }

    /** A node with edges, and the calls that it stands in. */
    record Place(Node node, Frame frame) {
        long key() {
            return (long) frame.id() << Integer.SIZE | node.id();
        }
    }

    /**
     * The tokens that the innermost call alone allows.
     *
     * @param allowed a bit for each
     * @param returns the nodes of the trie at which the call may be left, and from which tokens go on
     */
    record LocalMask(long[] allowed, int[] returns) {}
}
