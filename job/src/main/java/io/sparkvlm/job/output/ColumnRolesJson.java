package io.sparkvlm.job.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.layout.PromptTemplate;
import io.sparkvlm.job.text.JobRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the roles of a table's columns into the record of a run, under the names of their options, and reads them. */
final class ColumnRolesJson {
    private static final String IMAGES = "image-column";
    private static final String VIDEOS = "video-column";
    private static final String PROMPT_COLUMN = "prompt-column";
    private static final String PROMPT = "prompt";
    private static final String SYSTEM_PROMPT = "system-prompt";

    private ColumnRolesJson() {}

    static ObjectNode write(ColumnRoles roles) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        roles.images().forEach(json.putArray(IMAGES)::add);
        roles.videos().forEach(json.putArray(VIDEOS)::add);
        roles.prompt().ifPresent(prompt -> json.put(prompt.option().substring(2), prompt.value()));
        roles.system().ifPresent(text -> json.put(SYSTEM_PROMPT, text));
        return json;
    }

    static ColumnRoles read(JsonNode json) throws JobRefusedException {
        return new ColumnRoles(
                texts(json.path(IMAGES)),
                texts(json.path(VIDEOS)),
                json.hasNonNull(PROMPT)
                        ? Optional.of(PromptTemplate.parse(json.get(PROMPT).asText()))
                        : text(json, PROMPT_COLUMN).map(PromptTemplate::ofColumn),
                text(json, SYSTEM_PROMPT));
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field)).map(JsonNode::asText);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
