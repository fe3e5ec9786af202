package io.sparkvlm.grammar.text;

import io.sparkvlm.grammar.automaton.Alphabet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** A set of characters, as ranges of code points in order and apart. */
public final class CodePoints {
    public static final CodePoints NONE = new CodePoints(new int[0]);
    /** All but surrogates, which are no characters. */
    public static final CodePoints ALL = range(0, 0xD7FF).with(range(0xE000, Character.MAX_CODE_POINT));

    private final int[] bounds; // first, last, first, last …

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    public static CodePoints of(int codePoint) {
        return range(codePoint, codePoint);
    }

    /** The characters of a text. */
    public static CodePoints of(String text) {
        return text.codePoints().mapToObj(CodePoints::of).reduce(NONE, CodePoints::with);
    }

    public static CodePoints range(int first, int last) {
        return first > last ? NONE : new CodePoints(new int[] {first, last});
    }

    /** The characters of which this holds. */
    static CodePoints where(IntPredicate has) {
        List<int[]> found = new ArrayList<>();
        for (int[] range : ALL.ranges()) {
            int from = -1;
            for (int code = range[0]; code <= range[1] + 1; code++) {
                boolean in = code <= range[1] && has.test(code);
                if (in && from < 0) {
                    from = code;
                } else if (!in && from >= 0) {
                    found.add(new int[] {from, code - 1});
                    from = -1;
                }
            }
        }
        return new CodePoints(found.stream().flatMapToInt(Arrays::stream).toArray());
    }

    /** The characters of either. */
    public CodePoints with(CodePoints other) {
        List<int[]> all = new ArrayList<>(ranges());
        all.addAll(other.ranges());
        all.sort((a, b) -> Integer.compare(a[0], b[0]));
        int[] merged = new int[2 * all.size()];
        int size = 0;
        for (int[] range : all) {
            if (size > 0 && range[0] <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], range[1]);
            } else {
                merged[size++] = range[0];
                merged[size++] = range[1];
            }
        }
        return new CodePoints(Arrays.copyOf(merged, size));
    }

    /** The characters of this that the other has not. */
    public CodePoints without(CodePoints other) {
        List<int[]> left = new ArrayList<>();
        for (int[] range : ranges()) {
            int from = range[0];
            for (int[] gone : other.ranges()) {
                if (gone[1] >= from && gone[0] <= range[1]) {
                    if (gone[0] > from) {
                        left.add(new int[] {from, gone[0] - 1});
                    }
                    from = gone[1] + 1;
                }
            }
            if (from <= range[1]) {
                left.add(new int[] {from, range[1]});
            }
        }
        return new CodePoints(left.stream().flatMapToInt(Arrays::stream).toArray());
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public boolean contains(int codePoint) {
        return ranges().stream().anyMatch(range -> range[0] <= codePoint && codePoint <= range[1]);
    }

    /** Those of which it has all characters. */
    Set<Alphabet> alphabets() {
        return Arrays.stream(Alphabet.values())
                .filter(alphabet ->
                        new CodePoints(alphabet.bounds()).without(this).isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Alphabet.class)));
    }

    /** The one character of the set, if it has one. */
    OptionalInt only() {
        return bounds.length == 2 && bounds[0] == bounds[1] ? OptionalInt.of(bounds[0]) : OptionalInt.empty();
    }

    /** First and last of each range. */
    List<int[]> ranges() {
        List<int[]> ranges = new ArrayList<>(bounds.length / 2);
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.add(new int[] {bounds[i], bounds[i + 1]});
        }
        return ranges;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints points && Arrays.equals(bounds, points.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
