package io.sparkvlm.job.options.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads how many images and videos a request may have: {@code image=10,video=1}, or vLLM's JSON, in which a number may be
 * an object with a {@code count}.
 */
final class MediaCountsConverter implements ITypeConverter<MediaCounts> {
    @Override
    public MediaCounts convert(String text) {
        int images = Integer.MAX_VALUE; // as many as the context takes
        int videos = Integer.MAX_VALUE;
        for (Map.Entry<String, String> limit :
                (text.strip().startsWith("{") ? ofJson(text) : ofPairs(text)).entrySet()) {
            int most = number(limit.getKey(), limit.getValue());
            switch (limit.getKey()) {
                case "image" -> images = most;
                case "video" -> videos = most;
                case "audio" -> {} // a request never has any
                default ->
                    throw new TypeConversionException(
                            "expected limit-mm-per-prompt of \"image\" and \"video\", found \"" + limit.getKey()
                                    + "\"");
            }
        }
        return new MediaCounts(images, videos);
    }

    private static Map<String, String> ofPairs(String text) {
        Map<String, String> limits = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            String[] words = pair.split("=", 2);
            limits.put(words[0].strip(), words.length == 2 ? words[1].strip() : "");
        }
        return limits;
    }

    private static Map<String, String> ofJson(String text) {
        Map<String, String> limits = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> limit : OpenAiJson.read(text).properties()) {
                JsonNode number = limit.getValue().isObject() ? limit.getValue().path("count") : limit.getValue();
                limits.put(limit.getKey(), number.asText());
            }
        } catch (JsonProcessingException e) {
            throw new TypeConversionException(
                    "expected limit-mm-per-prompt as image=10,video=1 or {\"image\": 10}, found " + text);
        }
        return limits;
    }

    private static int number(String kind, String text) {
        try {
            int most = Integer.parseInt(text);
            if (most >= 0) {
                return most;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException(
                "expected limit-mm-per-prompt of " + kind + " as a number of at least 0, found \"" + text + "\"");
    }
}
