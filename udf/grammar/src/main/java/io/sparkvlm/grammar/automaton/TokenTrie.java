package io.sparkvlm.grammar.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokens of a vocabulary by their bytes, so that tokens that begin alike are looked at once. The nodes lie in the order in which
 * a walk meets them. Thread-safe.
 */
public final class TokenTrie {
    private static final int[] NONE = {};

    private final byte[][] bytes;
    private final int ids;
    private final byte[] label;
    private final int[] depth;
    private final int[] end;
    private final int[] token;
    private final Map<Integer, int[]> alike = new HashMap<>();
    private final int deepest;

    /**
     * @param bytes of each token id; none for those that no grammar may choose
     * @param ids that the model has, of which the last ones may be nobody's
     */
    public TokenTrie(byte[][] bytes, int ids) {
        this.bytes = bytes;
        this.ids = ids;
        int[] sorted = IntStream.range(0, bytes.length)
                .filter(id -> bytes[id].length > 0)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        int nodes = nodes(sorted);
        label = new byte[nodes];
        depth = new int[nodes];
        end = new int[nodes];
        token = new int[nodes];
        fill(sorted);
        deepest = Arrays.stream(depth).max().orElse(0);
    }

    private int nodes(int[] sorted) {
        int nodes = 0;
        byte[] before = {};
        for (int id : sorted) {
            nodes += bytes[id].length - common(before, bytes[id]);
            before = bytes[id];
        }
        return nodes;
    }

    private void fill(int[] sorted) {
        List<Integer> path = new ArrayList<>();
        int nodes = 0;
        byte[] before = {};
        for (int id : sorted) {
            byte[] now = bytes[id];
            int common = common(before, now);
            for (int open = path.size(); open > common; open--) {
                end[path.remove(open - 1)] = nodes;
            }
            for (int at = common; at < now.length; at++) {
                label[nodes] = now[at];
                depth[nodes] = at + 1;
                token[nodes] = -1;
                path.add(nodes++);
            }
            int last = path.get(path.size() - 1);
            if (token[last] < 0) {
                token[last] = id;
            } else {
                alike.merge(token[last], new int[] {id}, TokenTrie::joined);
            }
            before = now;
        }
        for (int node : path) {
            end[node] = nodes;
        }
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    byte[] bytes(int id) {
        return id < bytes.length ? bytes[id] : new byte[0];
    }

    int size() {
        return label.length;
    }

    byte label(int node) {
        return label[node];
    }

    /** 1 for a token's first byte. */
    int depth(int node) {
        return depth[node];
    }

    int deepest() {
        return deepest;
    }

    /** The first node that is not below this one. */
    int end(int node) {
        return end[node];
    }

    /** The token that ends here, or -1. */
    int token(int node) {
        return token[node];
    }

    /** The other tokens of the same bytes. */
    int[] alike(int id) {
        return alike.getOrDefault(id, NONE);
    }

    long[] emptyMask() {
        return new long[(ids + Long.SIZE - 1) / Long.SIZE];
    }
}
