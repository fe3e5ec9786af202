package io.sparkvlm.engine.schedule;

import io.sparkvlm.api.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The keys of a sequence's blocks, made as its tokens become known. A key covers the key before it, the block's tokens, and
 * the media that replace some of them with where they begin: all that keys and values depend on, as rotary positions follow
 * from tokens and media.
 */
final class BlockKeys {
    private final int blockSizeTokens;
    private final List<PlacedMedium> media;
    private final IntUnaryOperator tokenIds;
    private final List<BlockKey> keys = new ArrayList<>();
    private final MessageDigest sha256 = Sha256.digest();

    /** @param tokenIds the sequence's token at an index */
    BlockKeys(int blockSizeTokens, List<PlacedMedium> media, IntUnaryOperator tokenIds) {
        this.blockSizeTokens = blockSizeTokens;
        this.media = List.copyOf(media);
        this.tokenIds = tokenIds;
    }

    /** The key of the block of this number, all of whose tokens must be known. */
    BlockKey of(int block) {
        while (keys.size() <= block) {
            keys.add(next());
        }
        return keys.get(block);
    }

    private BlockKey next() {
        int from = keys.size() * blockSizeTokens;
        int to = from + blockSizeTokens;
        sha256.update((keys.isEmpty() ? BlockKey.ROOT : keys.get(keys.size() - 1)).bytes());
        ByteBuffer tokens = ByteBuffer.allocate(blockSizeTokens * Integer.BYTES);
        for (int token = from; token < to; token++) {
            tokens.putInt(tokenIds.applyAsInt(token));
        }
        sha256.update(tokens.array());
        for (PlacedMedium medium : media) {
            if (medium.overlaps(from, to)) {
                byte[] content = medium.contentHash().getBytes(StandardCharsets.UTF_8);
                sha256.update(ByteBuffer.allocate(2 * Integer.BYTES + content.length)
                        .putInt(medium.firstToken() - from)
                        .putInt(content.length)
                        .put(content)
                        .array());
            }
        }
        return BlockKey.of(sha256.digest());
    }
}
