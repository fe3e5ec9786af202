package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.FreeCharacter;
import io.sparkvlm.grammar.automaton.Part;

/** How characters are written: as they are, or as JSON has them between quotes. */
public interface Spelling {
    /** As they are, in UTF-8. */
    Spelling PLAIN = set -> new FreeCharacter(Utf8.character(set), set.alphabets());

    /** As they stand in a JSON string. */
    Spelling JSON = set -> new FreeCharacter(JsonCharacters.character(set), set.alphabets());

    /** One character of the set. */
    Part character(CodePoints set);

    /** These characters, one behind the other. */
    default Part text(String text) {
        return Part.sequence(text.codePoints()
                .mapToObj(codePoint -> character(CodePoints.of(codePoint)))
                .toList());
    }
}
