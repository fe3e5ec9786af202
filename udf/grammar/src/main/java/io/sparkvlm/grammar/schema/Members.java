package io.sparkvlm.grammar.schema;

import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Node;
import io.sparkvlm.grammar.automaton.Part;
import java.util.List;
import java.util.Optional;

/**
 * The members of an object: those that are known in their order, with commas between those that are there, and others behind them.
 *
 * @param separator between two members
 * @param others a member of another name, any number of which may follow
 * @param last what stands behind the members where there are any
 */
record Members(List<Member> known, Optional<Part> others, Part separator, Part last) implements Part {
    record Member(Part text, boolean required) {}

    @Override
    public Node append(Nfa nfa, Node from) {
        Node none = from; // no member yet
        Node some = nfa.node(); // at least one, so that a comma comes before the next
        for (Member member : known) {
            Node turn = nfa.node();
            nfa.skip(none, turn);
            nfa.skip(separator.append(nfa, some), turn);
            Node nextSome = nfa.node();
            nfa.skip(member.text().append(nfa, turn), nextSome);
            Node nextNone = nfa.node();
            if (!member.required()) {
                nfa.skip(none, nextNone);
                nfa.skip(some, nextSome);
            }
            none = nextNone;
            some = nextSome;
        }
        if (others.isPresent()) {
            Node turn = nfa.node();
            nfa.skip(none, turn);
            nfa.skip(separator.append(nfa, some), turn);
            nfa.skip(others.get().append(nfa, turn), some);
        }
        Node end = nfa.node();
        nfa.skip(none, end);
        nfa.skip(last.append(nfa, some), end);
        return end;
    }
}
