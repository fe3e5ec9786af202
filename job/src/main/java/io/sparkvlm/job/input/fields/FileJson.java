package io.sparkvlm.job.input.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkvlm.preprocessing.openai.WireText;
import io.sparkvlm.spark.table.FileValue;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/** Reads images and videos from JSON: objects as {@code {"bytes": BASE64, "path": …}} or {@code {"url": …}}, or strings. */
final class FileJson {
    private FileJson() {}

    /** Whether all that an object says is where a file is, or its bytes. */
    static boolean isObject(JsonNode json) {
        return json.isObject()
                && !json.isEmpty()
                && json.properties().stream()
                        .allMatch(field -> FileValue.OF_STRINGS
                                        .getFieldIndex(field.getKey())
                                        .isDefined()
                                && (field.getValue().isNull() || isText(field.getValue())));
    }

    /** Whether all elements of a list are such objects or strings. */
    static boolean isList(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false)
                .allMatch(element -> isText(element) || isObject(element));
    }

    /** The value in the column; a string stands where a path would, which may be base64 as well. */
    static Row row(JsonNode json) {
        return json.isTextual()
                ? FileValue.ofStrings(Map.of("path", json.textValue()))
                : FileValue.ofStrings(json.properties().stream()
                        .filter(field -> field.getValue().isTextual())
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, field -> field.getValue().textValue())));
    }

    private static boolean isText(JsonNode json) {
        return json.isTextual() && json.textValue().equals(WireText.wellFormed(json.textValue()));
    }
}
