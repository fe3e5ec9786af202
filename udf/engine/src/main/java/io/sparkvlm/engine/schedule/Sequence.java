package io.sparkvlm.engine.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The state of one prompt's continuation: its tokens, how many of them the cache holds, and in which blocks. */
public final class Sequence {
    private final int promptTokens;
    private final List<PlacedMedium> media;
    private final List<Integer> blocks = new ArrayList<>();
    private int[] tokenIds;
    private int length;
    private int computed;
    private OptionalInt cachedTokens = OptionalInt.empty();

    /** @param media what replaces some of the prompt's tokens */
    public Sequence(int[] promptTokenIds, List<PlacedMedium> media) {
        this.promptTokens = promptTokenIds.length;
        this.media = List.copyOf(media);
        this.tokenIds = Arrays.copyOf(promptTokenIds, promptTokenIds.length + 16);
        this.length = promptTokenIds.length;
    }

    public int promptTokens() {
        return promptTokens;
    }

    /** Prompt and generated tokens. */
    public int length() {
        return length;
    }

    public int tokenId(int index) {
        if (index >= length) {
            throw new IndexOutOfBoundsException("token " + index + " of " + length);
        }
        return tokenIds[index];
    }

    List<PlacedMedium> media() {
        return media;
    }

    /** Tokens of the prompt that were not computed for it, because the cache had them when it was first let in. */
    public int cachedTokens() {
        return cachedTokens.orElse(0);
    }

    /** Tokens whose keys and values lie in the cache. */
    public int computed() {
        return computed;
    }

    /** Tokens that must be computed before the next one can be chosen. */
    public int pending() {
        return length - computed;
    }

    /** The numbers of the cache blocks that hold its tokens, in order. */
    public int[] blockTable() {
        int[] table = new int[blocks.size()];
        for (int i = 0; i < table.length; i++) {
            table[i] = blocks.get(i);
        }
        return table;
    }

    /** Takes in the token that was chosen; it is to be computed in the next step. */
    public void append(int tokenId) {
        if (length == tokenIds.length) {
            tokenIds = Arrays.copyOf(tokenIds, length * 2);
        }
        tokenIds[length] = tokenId;
        length++;
    }

    int blocksHeld() {
        return blocks.size();
    }

    void hold(int block) {
        blocks.add(block);
    }

    int block(int index) {
        return blocks.get(index);
    }

    /** Begins with what others computed: so many tokens, in these full blocks. */
    void begin(List<Integer> shared, int tokens) {
        blocks.addAll(shared);
        computed = tokens;
        if (cachedTokens.isEmpty()) {
            cachedTokens = OptionalInt.of(tokens);
        }
    }

    void advance(int tokens) {
        if (tokens > pending()) {
            throw new IllegalStateException(tokens + " tokens computed, " + pending() + " pending");
        }
        computed += tokens;
    }

    /** Gives its blocks up; everything must be computed again. */
    List<Integer> release() {
        List<Integer> released = List.copyOf(blocks);
        blocks.clear();
        computed = 0;
        return released;
    }
}
