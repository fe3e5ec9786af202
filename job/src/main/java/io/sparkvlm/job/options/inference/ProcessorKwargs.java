package io.sparkvlm.job.options.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
            try {
                JsonNode object = OpenAiJson.read(text);
                if (object.isObject() && object.properties().stream().allMatch(Converter::isBound)) {
                    return new ProcessorKwargs(object.properties().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, bound -> bound.getValue().longValue())));
                }
            } catch (JsonProcessingException e) {
                // said below
            }
            throw new TypeConversionException(
                    "expected mm-processor-kwargs of min_pixels and max_pixels with integers, as a"
                            + " video's part says its own fps, found " + text);
        }

        private static boolean isBound(Map.Entry<String, JsonNode> field) {
            return NAMES.contains(field.getKey())
                    && field.getValue().isIntegralNumber()
                    && field.getValue().canConvertToLong();
        }
    }
}
