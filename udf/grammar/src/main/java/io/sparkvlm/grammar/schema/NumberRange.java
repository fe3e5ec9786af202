package io.sparkvlm.grammar.schema;

import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Node;
import io.sparkvlm.grammar.automaton.Part;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers between bounds, written without an exponent. Digit by digit the text is compared with both bounds: as long as it is the
 * beginning of one, that one limits the next digit.
 *
 * @param fractionDigits that may follow a point; 0 for integers
 */
record NumberRange(Optional<Bound> low, Optional<Bound> high, int fractionDigits) implements Part {
    /** As many as a double tells apart, where no bound has more. */
    private static final int DIGITS = 17;

    private static final Bound ZERO = new Bound(BigDecimal.ZERO, false);

    /** @param exclusive whether the value itself is out */
    record Bound(BigDecimal value, boolean exclusive) {
        Bound negated() {
            return new Bound(value.negate(), exclusive);
        }

        boolean isNegative() {
            return value.signum() < 0;
        }

        BigInteger whole() {
            return value.toBigInteger();
        }

        /** A digit behind the point. */
        int fraction(int place) {
            return value.movePointRight(place + 1)
                    .toBigInteger()
                    .mod(BigInteger.TEN)
                    .intValue();
        }

        boolean hasFractionFrom(int place) {
            BigDecimal shifted = value.movePointRight(place);
            return shifted.compareTo(new BigDecimal(shifted.toBigInteger())) > 0;
        }
    }

    @Override
    public Node append(Nfa nfa, Node from) {
        Node end = nfa.node();
        if (high.isEmpty() || !high.get().isNegative()) {
            Bound least = low.filter(bound -> !bound.isNegative()).orElse(ZERO);
            new Magnitudes(nfa, least, high, end).append(from);
        }
        if (low.isEmpty() || low.get().isNegative()) {
            Node minus = nfa.node();
            nfa.edge(from, '-', '-', minus);
            Bound least = high.filter(Bound::isNegative).map(Bound::negated).orElse(new Bound(BigDecimal.ZERO, true));
            new Magnitudes(nfa, least, low.map(Bound::negated), end).append(minus);
        }
        return end;
    }

    /** Numbers that are not negative. */
    private final class Magnitudes {
        private final Nfa nfa;
        private final Bound least;
        private final Bound most;
        private final Node end;

        Magnitudes(Nfa nfa, Bound least, Optional<Bound> most, Node end) {
            this.nfa = nfa;
            this.least = least;
            this.end = end;
            int digits = Math.max(DIGITS, least.whole().toString().length() + 1);
            Bound written = new Bound(new BigDecimal(BigInteger.TEN.pow(digits).subtract(BigInteger.ONE)), false);
            this.most = most.filter(bound -> bound.value().compareTo(written.value()) < 0)
                    .orElse(written);
        }

        void append(Node from) {
            String first = least.whole().toString();
            String last = most.whole().toString();
            for (int length = first.length(); length <= last.length(); length++) {
                boolean atFirst = length == first.length();
                boolean atLast = length == last.length();
                new WholeDigits(
                                atFirst ? first : "1" + "0".repeat(length - 1),
                                atLast ? last : "9".repeat(length),
                                atFirst,
                                atLast)
                        .append(from, 0, true, true);
            }
        }

        /** Digits before the point, of one length. */
        private final class WholeDigits {
            private final String first;
            private final String last;
            private final boolean firstIsBound;
            private final boolean lastIsBound;
            private final Map<String, Node> known = new HashMap<>();

            WholeDigits(String first, String last, boolean firstIsBound, boolean lastIsBound) {
                this.first = first;
                this.last = last;
                this.firstIsBound = firstIsBound;
                this.lastIsBound = lastIsBound;
            }

            void append(Node node, int place, boolean low, boolean high) {
                if (place == first.length()) {
                    fraction(node, 0, low && firstIsBound, high && lastIsBound, known);
                    return;
                }
                int from = low ? first.charAt(place) : '0';
                int to = high ? last.charAt(place) : '9';
                for (int digit = from; digit <= to; digit++) {
                    boolean stillLow = low && digit == from;
                    boolean stillHigh = high && digit == to;
                    String key = place + " " + stillLow + " " + stillHigh;
                    Node next = known.get(key);
                    if (next == null) {
                        next = nfa.node();
                        known.put(key, next);
                        append(next, place + 1, stillLow, stillHigh);
                    }
                    nfa.edge(node, digit, digit, next);
                }
            }
        }

        /** What may follow so many digits behind the point; low and high say of which bound they are the beginning. */
        private void fraction(Node node, int places, boolean low, boolean high, Map<String, Node> known) {
            boolean enough = !low || (!least.hasFractionFrom(places) && !least.exclusive());
            boolean notTooMuch = !high || most.hasFractionFrom(places) || !most.exclusive();
            if (enough && notTooMuch) {
                nfa.skip(node, end);
            }
            if (places == fractionDigits) {
                return;
            }
            Node point = node;
            if (places == 0) {
                point = nfa.node();
                nfa.edge(node, '.', '.', point);
            }
            int from = low ? least.fraction(places) : 0;
            int to = high ? most.fraction(places) : 9;
            for (int digit = from; digit <= to; digit++) {
                boolean stillLow = low && digit == from;
                boolean stillHigh = high && digit == to;
                String key = "." + places + " " + stillLow + " " + stillHigh;
                Node next = known.get(key);
                if (next == null) {
                    next = nfa.node();
                    known.put(key, next);
                    fraction(next, places + 1, stillLow, stillHigh, known);
                }
                nfa.edge(point, '0' + digit, '0' + digit, next);
            }
        }
    }
}
