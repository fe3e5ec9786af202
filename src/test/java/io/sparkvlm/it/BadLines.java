package io.sparkvlm.it;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lines of a request file that are not right. */
final class BadLines {
    private BadLines() {}

    /** By the code of the error they make. */
    static Map<String, byte[]> byCode() {
        Map<String, String> lines = new LinkedHashMap<>();
        String noise = Base64.getEncoder().encodeToString(BadMedia.png(64, 64));
        lines.put("missing_required_parameter", "{\"custom_id\":\"b1\",\"body\":{}}");
        lines.put("invalid_value", body("b2", "{\"role\":\"wizard\",\"content\":\"hi\"}", ""));
        lines.put("decimal_above_max_value", body("b3", user("hi"), ",\"temperature\":9"));
        lines.put("unsupported_parameter", body("b4", user("hi"), ",\"tools\":[{}]"));
        lines.put("image_file_not_found", body("b5", image("nowhere.png"), ""));
        lines.put("url_not_allowed", body("b6", image("../requests.jsonl"), ""));
        lines.put("invalid_base64_image", body("b7", image("data:image/png;base64,!!!"), ""));
        lines.put("model_not_found", body("b8", user("hi"), ",\"model\":\"gpt-4\""));
        lines.put("context_length_exceeded", body("b9", user("word ".repeat(40_000)), ""));
        lines.put("image_parse_error", body("b10", image("data:image/png;base64," + noise), ""));
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        lines.forEach((code, line) -> bytes.put(code, line.getBytes(StandardCharsets.UTF_8)));
        bytes.put("invalid_json_line", new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        return bytes;
    }

    private static String user(String text) {
        return "{\"role\":\"user\",\"content\":\"" + text + "\"}";
    }

    private static String image(String url) {
        return "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}]}";
    }

    private static String body(String customId, String message, String others) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
                + "\"body\":{\"messages\":[" + message + "]" + others + "}}";
    }
}
