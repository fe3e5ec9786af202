package io.sparkvlm.grammar.schema;

import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.grammar.text.CodePoints;
import io.sparkvlm.grammar.text.RegularExpression;
import io.sparkvlm.grammar.text.Spelling;
import java.util.Optional;

/** Writes the strings of a schema: of some length, of a pattern or of a format. */
final class StringRules {
    private StringRules() {}

    static Part part(Located schema, JsonRules json) throws UnsupportedGrammarException {
        int min = schema.count("minLength", 0);
        int max = schema.count("maxLength", Integer.MAX_VALUE);
        Optional<String> format = Formats.pattern(schema);
        if (schema.has("pattern")) {
            alone(schema, "pattern", format.isPresent() ? "format" : "minLength");
            return JsonRules.string(matching(schema.field("pattern")));
        }
        if (format.isPresent()) {
            alone(schema, "format", "minLength");
            return JsonRules.string(RegularExpression.whole(format.get(), Spelling.JSON));
        }
        if (min > max) {
            return Part.NEVER;
        }
        if (min == 0 && max == Integer.MAX_VALUE) {
            return json.string();
        }
        Part character = Spelling.JSON.character(CodePoints.ALL);
        return JsonRules.string(max == Integer.MAX_VALUE ? character.repeated(min) : character.repeated(min, max));
    }

    private static Part matching(Located pattern) throws UnsupportedGrammarException {
        if (!pattern.node().isTextual()) {
            throw pattern.refused("expected a regular expression, found " + Described.value(pattern.node()));
        }
        return within(pattern.node().textValue(), pattern);
    }

    /** The characters of strings in which a regular expression is found; what is wrong with it is wrong there. */
    static Part within(String pattern, Located where) throws UnsupportedGrammarException {
        try {
            return RegularExpression.within(pattern, Spelling.JSON);
        } catch (UnsupportedGrammarException e) {
            throw where.refused(e.getMessage());
        }
    }

    private static void alone(Located schema, String keyword, String other) throws UnsupportedGrammarException {
        boolean lengths = schema.count("minLength", 0) > 0 || schema.has("maxLength");
        if (other.equals("format") || lengths) {
            throw schema.field(keyword)
                    .refused("'" + keyword + "' beside " + (other.equals("format") ? "'format'" : "a length")
                            + " is not supported");
        }
    }
}
