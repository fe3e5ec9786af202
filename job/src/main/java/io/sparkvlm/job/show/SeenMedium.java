package io.sparkvlm.job.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.HashSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/**
 * Holds what the job saw of an image or video.
 *
 * @param names an image's, or those of a video's frames
 * @param size in pixels, and frames
 */
record SeenMedium(List<String> names, String size) {
    static SeenMedium of(Row medium) {
        List<Integer> frames = medium.getList(medium.fieldIndex("frames"));
        String pixels = medium.<Integer>getAs("width") + " x " + medium.<Integer>getAs("height");
        // An odd count repeats its last frame.
        int seen = new HashSet<>(frames).size();
        return new SeenMedium(
                names(medium.getAs("ref")), seen == 0 ? pixels : Figures.count(seen, "frame") + " of " + pixels);
    }

    /** A list of frames is written as a JSON array of their names. */
    private static List<String> names(String ref) {
        if (!ref.startsWith("[")) {
            return List.of(ref);
        }
        try {
            JsonNode array = OpenAiJson.read(ref);
            return StreamSupport.stream(array.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        } catch (JsonProcessingException e) {
            return List.of(ref); // a file whose name has a bracket
        }
    }
}
