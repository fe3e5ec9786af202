package io.sparkvlm.grammar.automaton;

/**
 * Says of each node of a trie whether the tokens from there on are of one alphabet, and how long they are: a state that takes so many
 * characters, whatever they are, takes all of them. Thread-safe.
 */
final class Stretches {
    private static final int NEVER = Integer.MAX_VALUE;

    private final Alphabet alphabet;
    private final int[] characters;

    Stretches(TokenTrie trie, Alphabet alphabet) {
        this.alphabet = alphabet;
        // Begun up to each node, then up to the end of its longest token, then from the node on.
        characters = new int[trie.size()];
        int[] begunBefore = new int[trie.size()];
        boolean[] between = new boolean[trie.size()]; // whether a character may begin with the node
        int[] place = new int[trie.deepest() + 1]; // by depth
        int[] begun = new int[trie.deepest() + 1];
        for (int node = 0; node < trie.size(); node++) {
            int depth = trie.depth(node);
            int before = place[depth - 1];
            between[node] = before == Alphabet.BETWEEN;
            begunBefore[node] = begun[depth - 1];
            begun[depth] = begunBefore[node] + (between[node] ? 1 : 0);
            place[depth] = before == Alphabet.NONE ? before : alphabet.next(before, trie.label(node) & 0xFF);
            characters[node] = place[depth] == Alphabet.NONE ? NEVER : begun[depth];
        }
        int[] most = new int[trie.deepest() + 2]; // of the nodes below, by depth
        for (int node = trie.size() - 1; node >= 0; node--) {
            int depth = trie.depth(node);
            characters[node] = Math.max(characters[node], most[depth + 1]);
            most[depth + 1] = 0;
            most[depth] = Math.max(most[depth], characters[node]);
        }
        for (int node = 0; node < trie.size(); node++) {
            boolean counts = between[node] && characters[node] != NEVER;
            characters[node] = counts ? characters[node] - begunBefore[node] : NEVER;
        }
    }

    /** Whether a state before a node takes all tokens from it on, as they are no more characters than it takes whatever they are. */
    boolean allFollow(int node, State before) {
        return characters[node] != NEVER && characters[node] <= before.freedom(alphabet);
    }
}
