package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.Part;

/** How characters are written: as they are, or as JSON has them between quotes. */
public interface Spelling {
    /** As they are, in UTF-8. */
    Spelling PLAIN = Utf8::character;

    /** As they stand in a JSON string. */
    Spelling JSON = JsonCharacters::character;

    /** One character of the set. */
    Part character(CodePoints set);

    /** These characters, one behind the other. */
    default Part text(String text) {
        return Part.sequence(text.codePoints()
                .mapToObj(codePoint -> character(CodePoints.of(codePoint)))
                .toList());
    }
}
