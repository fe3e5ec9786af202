package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A token of the answer with its log-probability, and the likeliest tokens in its place.
 *
 * @param chosen the token itself
 * @param top the likeliest ones, the likeliest first
 */
public record TokenLogprob(Candidate chosen, List<Candidate> top) {
    public TokenLogprob {
        top = List.copyOf(top);
    }

    /** Writes those of a choice, if it has any, as its field. */
    static void write(Optional<List<TokenLogprob>> logprobs, ObjectNode choice) {
        if (logprobs.isEmpty()) {
            choice.putNull("logprobs");
            return;
        }
        ObjectNode field = choice.putObject("logprobs");
        field.putArray("content")
                .addAll(logprobs.get().stream().map(TokenLogprob::toJson).toList());
        field.putNull("refusal");
    }

    private ObjectNode toJson() {
        ObjectNode node = chosen.toJson();
        node.putArray("top_logprobs").addAll(top.stream().map(Candidate::toJson).toList());
        return node;
    }

    /**
     * A token and its natural log-probability.
     *
     * @param text the token alone, U+FFFD where its bytes are no whole character
     * @param bytes the token's own bytes: those of several tokens put together may make a character
     */
    public record Candidate(String text, double logprob, byte[] bytes) {
        /** What OpenAI writes for a token that is not likely at all; JSON has neither minus infinity nor NaN. */
        private static final double LEAST = -9999.0;

        ObjectNode toJson() {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("token", text);
            node.put("logprob", logprob > LEAST ? logprob : LEAST);
            ArrayNode values = node.putArray("bytes");
            for (byte value : bytes) {
                values.add(Byte.toUnsignedInt(value));
            }
            return node;
        }
    }
}
