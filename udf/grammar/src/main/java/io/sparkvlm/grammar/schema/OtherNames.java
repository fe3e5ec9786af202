package io.sparkvlm.grammar.schema;

import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Node;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.text.CodePoints;
import io.sparkvlm.grammar.text.Spelling;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A JSON string that is none of some names, told apart from them character by character. */
record OtherNames(Collection<String> taken) implements Part {
    private static final Part QUOTE = Part.ascii("\"");

    /** Not with escapes of four digits, in which a name that is taken could be written again. */
    private static final Part ANYTHING =
            Part.sequence(Spelling.JSON.character(CodePoints.ALL).repeated(0), QUOTE);

    @Override
    public Node append(Nfa nfa, Node from) {
        Node end = nfa.node();
        Node rest = nfa.node();
        nfa.skip(ANYTHING.append(nfa, rest), end);
        branch(
                nfa,
                QUOTE.append(nfa, from),
                taken.stream().map(name -> name.codePoints().toArray()).toList(),
                0,
                rest,
                end);
        return end;
    }

    /** @param names those that begin as what was written so far */
    private static void branch(Nfa nfa, Node node, List<int[]> names, int length, Node rest, Node end) {
        Map<Integer, List<int[]>> next = names.stream()
                .filter(name -> name.length > length)
                .collect(Collectors.groupingBy(name -> name[length], TreeMap::new, Collectors.toList()));
        if (names.stream().noneMatch(name -> name.length == length)) {
            nfa.skip(QUOTE.append(nfa, node), end);
        }
        CodePoints different = CodePoints.ALL;
        for (Map.Entry<Integer, List<int[]>> entry : next.entrySet()) {
            CodePoints same = CodePoints.of(entry.getKey());
            different = different.without(same);
            branch(nfa, Spelling.JSON.character(same).append(nfa, node), entry.getValue(), length + 1, rest, end);
        }
        if (next.isEmpty() && length == 0) {
            different = CodePoints.ALL;
        }
        nfa.skip(Spelling.JSON.character(different).append(nfa, node), rest);
    }
}
