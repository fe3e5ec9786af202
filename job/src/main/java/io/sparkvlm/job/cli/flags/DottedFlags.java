package io.sparkvlm.job.cli.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.preprocessing.openai.OpenAiJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes flags with dots in their names, {@code --limit-mm-per-prompt.image 2}, as the JSON that vLLM makes of them: {@code
 * --limit-mm-per-prompt {"image":2}}.
 */
public final class DottedFlags {
    private DottedFlags() {}

    /**
     * The words with such flags joined to one for each name, at their end.
     *
     * @param known names of flags; what begins with none of them stays as it is
     */
    public static List<String> joined(List<String> words, Set<String> known) {
        List<String> others = new ArrayList<>();
        Map<String, ObjectNode> joined = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String[] nameAndValue = words.get(i).split("=", 2);
            String[] keys = nameAndValue[0].split("\\.", -1);
            boolean isDotted = keys.length > 1 && known.contains(keys[0]);
            if (!isDotted || (nameAndValue.length == 1 && i + 1 == words.size())) {
                others.add(words.get(i));
                continue;
            }
            String value = nameAndValue.length == 2 ? nameAndValue[1] : words.get(++i);
            ObjectNode object = joined.computeIfAbsent(keys[0], name -> JsonNodeFactory.instance.objectNode());
            for (int key = 1; key < keys.length - 1; key++) {
                object = object.get(keys[key]) instanceof ObjectNode inner ? inner : object.putObject(keys[key]);
            }
            object.set(keys[keys.length - 1], parsed(value));
        }
        joined.forEach((name, object) -> {
            others.add(name);
            others.add(OpenAiJson.write(object));
        });
        return others;
    }

    private static JsonNode parsed(String value) {
        try {
            return OpenAiJson.read(value);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(value);
        }
    }
}
