package io.sparkvlm.preprocessing;

import io.sparkvlm.api.Sha256;

/** Makes the id of a row's answer from that of the row. */
public final class CompletionId {
    /** Enough to tell rows apart: 128 bits. */
    private static final int CHARACTERS = 32;

    private CompletionId() {}

    static String of(String rowId) {
        return "chatcmpl-" + Sha256.hex(rowId).substring(0, CHARACTERS);
    }

    /**
     * The same answer under another row's id.
     *
     * @param response a chat.completion, whose first field is its id
     */
    public static String replaced(String response, String rowId) {
        String start = "{\"id\":\"" + of(rowId) + "\""; // as long as that of any other row
        return start + response.substring(start.length());
    }
}
