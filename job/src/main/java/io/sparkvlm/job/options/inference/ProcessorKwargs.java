package io.sparkvlm.job.options.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The bounds of an image's pixels as vLLM's users give them to a processor: {@code {"min_pixels": 784, "max_pixels": 602112}}.
 *
 * @param bounds by their names
 */
record ProcessorKwargs(Map<String, Long> bounds) {
    static final ProcessorKwargs NONE = new ProcessorKwargs(Map.of());

    private static final String MIN_PIXELS = "min_pixels";
    private static final String MAX_PIXELS = "max_pixels";

    private static final Set<String> NAMES = Set.of(MIN_PIXELS, MAX_PIXELS);

    private static final String EXPECTED =
            "expected mm-processor-kwargs as {\"min_pixels\": 784, \"max_pixels\": 602112}, as"
                    + " a part of a request says what is its own, found ";

    ProcessorKwargs {
        bounds = Map.copyOf(bounds);
    }

    /** Those bounds, and others where they are silent. */
    PixelBounds or(long minPixels, long maxPixels) {
        return new PixelBounds(bounds.getOrDefault(MIN_PIXELS, minPixels), bounds.getOrDefault(MAX_PIXELS, maxPixels));
    }

    /** Reads them from JSON. */
    static final class Converter implements ITypeConverter<ProcessorKwargs> {
        @Override
        public ProcessorKwargs convert(String text) {
            JsonNode object;
            try {
                object = OpenAiJson.read(text);
            } catch (JsonProcessingException e) {
                throw new TypeConversionException(EXPECTED + text);
            }
            Map<String, Long> bounds = new HashMap<>();
            for (Map.Entry<String, JsonNode> bound : object.properties()) {
                if (!NAMES.contains(bound.getKey()) || !bound.getValue().canConvertToLong()) {
                    throw new TypeConversionException(EXPECTED + text);
                }
                bounds.put(bound.getKey(), bound.getValue().longValue());
            }
            if (!object.isObject()) {
                throw new TypeConversionException(EXPECTED + text);
            }
            return new ProcessorKwargs(bounds);
        }
    }
}
