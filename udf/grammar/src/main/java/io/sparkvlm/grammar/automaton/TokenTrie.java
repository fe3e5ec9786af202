package io.sparkvlm.grammar.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens of a vocabulary by their bytes, so that tokens that begin alike are looked at once. The nodes lie in the order in which
 * a walk meets them. Thread-safe.
 */
public final class TokenTrie {
    private final byte[][] bytes;
    private final int ids;
    private final byte[] label;
    private final int[] depth;
    private final int[] end;
    private final int[] tokens; // by their bytes
    private final int[] firstToken; // that ends at a node or behind it
    private final int deepest;
    private final List<Stretches> stretches;

    /**
     * @param bytes of each token id; none for those that no grammar may choose
     * @param ids that the model has, of which the last ones may have no token
     */
    public TokenTrie(byte[][] bytes, int ids) {
        this.bytes = bytes;
        this.ids = ids;
        tokens = IntStream.range(0, bytes.length)
                .filter(id -> bytes[id].length > 0)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        int nodes = nodes();
        label = new byte[nodes];
        depth = new int[nodes];
        end = new int[nodes];
        firstToken = new int[nodes + 1];
        fill();
        deepest = Arrays.stream(depth).max().orElse(0);
        stretches = Arrays.stream(Alphabet.values())
                .map(alphabet -> new Stretches(this, alphabet))
                .toList();
    }

    private int nodes() {
        int nodes = 0;
        byte[] before = {};
        for (int id : tokens) {
            nodes += bytes[id].length - common(before, bytes[id]);
            before = bytes[id];
        }
        return nodes;
    }

    private void fill() {
        List<Integer> path = new ArrayList<>();
        int nodes = 0;
        byte[] before = {};
        for (int i = 0; i < tokens.length; i++) {
            byte[] now = bytes[tokens[i]];
            int common = common(before, now);
            for (int open = path.size(); open > common; open--) {
                end[path.remove(open - 1)] = nodes;
            }
            for (int at = common; at < now.length; at++) {
                label[nodes] = now[at];
                depth[nodes] = at + 1;
                firstToken[nodes] = i;
                path.add(nodes++);
            }
            before = now;
        }
        for (int node : path) {
            end[node] = nodes;
        }
        firstToken[nodes] = tokens.length;
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
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

    /** Sets the bits of all tokens that end at these nodes. */
    void allow(int from, int to, long[] mask) {
        for (int i = firstToken[from]; i < firstToken[to]; i++) {
            int token = tokens[i];
            mask[token / Long.SIZE] |= 1L << token;
        }
    }

    /** Whether a state before a node takes all tokens from it on because it takes any text of their characters. */
    boolean allFollow(int node, State before) {
        for (Stretches of : stretches) {
            if (of.allFollow(node, before)) {
                return true;
            }
        }
        return false;
    }

    long[] emptyMask() {
        return new long[(ids + Long.SIZE - 1) / Long.SIZE];
    }
}
