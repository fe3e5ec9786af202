package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.Part;
import java.util.List;
import java.util.stream.IntStream;

/** A regular expression that was read. */
interface Regex {
    /** The grammar of what it matches. */
    Part part(Spelling spelling);

    /** Whether an anchor stands in it. */
    default boolean has(Anchor anchor) {
        return false;
    }

    /** This without the anchor; where it has none, with what may stand there instead. */
    default Regex freed(Anchor anchor, Regex padding) {
        return anchor == Anchor.START ? new Sequence(List.of(padding, this)) : new Sequence(List.of(this, padding));
    }

    /** The start or the end of the text. */
    enum Anchor implements Regex {
        START,
        END;

        @Override
        public Part part(Spelling spelling) {
            return Part.NEVER; // where it is not at its place: after the start there is no start
        }

        @Override
        public boolean has(Anchor anchor) {
            return anchor == this;
        }

        @Override
        public Regex freed(Anchor anchor, Regex padding) {
            return anchor == this ? Sequence.EMPTY : Regex.super.freed(anchor, padding);
        }
    }

    /** One character of a set. */
    record Characters(CodePoints set) implements Regex {
        @Override
        public Part part(Spelling spelling) {
            return spelling.character(set);
        }
    }

    /** One behind the other. */
    record Sequence(List<Regex> parts) implements Regex {
        static final Sequence EMPTY = new Sequence(List.of());

        @Override
        public Part part(Spelling spelling) {
            return Part.sequence(parts.stream().map(part -> part.part(spelling)).toList());
        }

        @Override
        public boolean has(Anchor anchor) {
            return parts.stream().anyMatch(part -> part.has(anchor));
        }

        @Override
        public Regex freed(Anchor anchor, Regex padding) {
            if (parts.isEmpty()) {
                return padding;
            }
            int outermost = anchor == Anchor.START ? 0 : parts.size() - 1;
            if (!parts.get(outermost).has(anchor)) {
                return Regex.super.freed(anchor, padding);
            }
            return new Sequence(IntStream.range(0, parts.size())
                    .mapToObj(i -> i == outermost ? parts.get(i).freed(anchor, padding) : parts.get(i))
                    .toList());
        }
    }

    /** One of several. */
    record Choice(List<Regex> ways) implements Regex {
        @Override
        public Part part(Spelling spelling) {
            return Part.anyOf(ways.stream().map(way -> way.part(spelling)).toList());
        }

        @Override
        public boolean has(Anchor anchor) {
            return ways.stream().anyMatch(way -> way.has(anchor));
        }

        @Override
        public Regex freed(Anchor anchor, Regex padding) {
            return new Choice(
                    ways.stream().map(way -> way.freed(anchor, padding)).toList());
        }
    }

    /**
     * Several times the same.
     *
     * @param max {@link #UNBOUNDED} for any number
     */
    record Repetition(Regex repeated, int min, int max) implements Regex {
        static final int UNBOUNDED = Integer.MAX_VALUE;

        @Override
        public Part part(Spelling spelling) {
            Part part = repeated.part(spelling);
            return max == UNBOUNDED ? part.repeated(min) : part.repeated(min, max);
        }

        @Override
        public boolean has(Anchor anchor) {
            return repeated.has(anchor);
        }
    }
}
