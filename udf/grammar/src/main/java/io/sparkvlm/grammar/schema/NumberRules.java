package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import io.sparkvlm.grammar.schema.NumberRange.Bound;
import java.util.Optional;

/** Writes the numbers of a schema. */
final class NumberRules {
    /** As many as a double tells apart. */
    private static final int FRACTION_DIGITS = 17;

    private NumberRules() {}

    /** @param unbounded what is written where the schema has no bounds */
    static Part part(Located schema, Part unbounded, boolean whole) throws UnsupportedGrammarException {
        Optional<Bound> low = tighter(bound(schema, "minimum", false), bound(schema, "exclusiveMinimum", true), 1);
        Optional<Bound> high = tighter(bound(schema, "maximum", false), bound(schema, "exclusiveMaximum", true), -1);
        return low.isEmpty() && high.isEmpty() ? unbounded : new NumberRange(low, high, whole ? 0 : FRACTION_DIGITS);
    }

    private static Optional<Bound> bound(Located schema, String keyword, boolean exclusive)
            throws UnsupportedGrammarException {
        if (!schema.has(keyword)) {
            return Optional.empty();
        }
        JsonNode value = schema.node().get(keyword);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw schema.field(keyword).refused("expected a number, found " + Described.value(value));
        }
        return Optional.of(new Bound(value.decimalValue(), exclusive));
    }

    private static Optional<Bound> tighter(Optional<Bound> inclusive, Optional<Bound> exclusive, int sign) {
        if (inclusive.isEmpty() || exclusive.isEmpty()) {
            return inclusive.or(() -> exclusive);
        }
        int order = sign * exclusive.get().value().compareTo(inclusive.get().value());
        return order >= 0 ? exclusive : inclusive;
    }
}
