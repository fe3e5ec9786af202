package io.sparkvlm.job.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.job.metric.Gold;

/** Writes gold answers as the one text that other tools expect: one by itself, several as a list that JSON and Python read. */
final class GoldText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldText() {}

    /** @param letters whether right choices are given by their letters */
    static String of(Gold gold, boolean letters) {
        var texts = gold.answers().stream()
                .map(text -> letters ? gold.letter(text) : text)
                .toList();
        try {
            return switch (texts.size()) {
                case 0 -> "";
                case 1 -> texts.get(0);
                default -> JSON.writeValueAsString(texts);
            };
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }
}
