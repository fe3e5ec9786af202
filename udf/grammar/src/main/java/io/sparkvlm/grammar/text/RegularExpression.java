package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.grammar.text.Regex.Anchor;
import io.sparkvlm.grammar.text.Regex.Characters;
import io.sparkvlm.grammar.text.Regex.Repetition;

/** Makes a grammar of a regular expression. */
public final class RegularExpression {
    private static final Regex ANYTHING = new Repetition(new Characters(CodePoints.ALL), 0, Repetition.UNBOUNDED);

    private RegularExpression() {}

    /** The texts that the pattern matches from their start to their end. */
    public static Part whole(String pattern, Spelling spelling) throws UnsupportedGrammarException {
        return part(pattern, Regex.Sequence.EMPTY, spelling);
    }

    /** The texts in which the pattern is found, as a schema's {@code pattern} wants it. */
    public static Part within(String pattern, Spelling spelling) throws UnsupportedGrammarException {
        return part(pattern, ANYTHING, spelling);
    }

    private static Part part(String pattern, Regex around, Spelling spelling) throws UnsupportedGrammarException {
        Regex freed = RegexParser.parse(pattern).freed(Anchor.START, around).freed(Anchor.END, around);
        if (freed.has(Anchor.START) || freed.has(Anchor.END)) {
            throw new UnsupportedGrammarException(
                    "", "expected a regular expression with anchors at its ends only, found one within it");
        }
        return freed.part(spelling);
    }
}
