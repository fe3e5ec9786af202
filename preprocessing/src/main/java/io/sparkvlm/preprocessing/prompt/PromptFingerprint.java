package io.sparkvlm.preprocessing.prompt;

import io.sparkvlm.api.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.TreeMap;

/**
 * Hashes what a checkpoint's way of writing prompts depends on: equal for two that make the same token ids of the same
 * chat.
 */
final class PromptFingerprint {
    private PromptFingerprint() {}

    /**
     * Hashes the template, the tokens that it may name, the tokenizer and the placeholders' ids.
     *
     * @param tokenizer what tokenizer.json holds
     */
    static String of(Path checkpoint, byte[] tokenizer, CheckpointSettings settings) throws IOException {
        MessageDigest digest = Sha256.digest();
        digest.update(tokenizer);
        digest.update(ChatTemplate.source(checkpoint).getBytes(StandardCharsets.UTF_8));
        digest.update(
                new TreeMap<>(ChatTemplate.specialTokens(checkpoint)).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(settings.imagePadId())
                .putInt(settings.videoPadId())
                .flip());
        return Sha256.hex(digest);
    }
}
