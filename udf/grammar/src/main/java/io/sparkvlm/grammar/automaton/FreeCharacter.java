package io.sparkvlm.grammar.automaton;

import java.util.Set;

/** A character that may be any of some alphabets. Where it is repeated, nodes know for how long they take any text of these. */
public final class FreeCharacter implements Part {
    private final Part character;
    private final Set<Alphabet> alphabets;

    /** @param character whose first byte is an edge of the node that it is put behind */
    public FreeCharacter(Part character, Set<Alphabet> alphabets) {
        this.character = character;
        this.alphabets = alphabets;
    }

    @Override
    public Node append(Nfa nfa, Node from) {
        return character.append(nfa, from);
    }

    @Override
    public void announce(Node from, int times) {
        alphabets.forEach(alphabet -> from.takeAny(alphabet, times));
    }
}
