package io.sparkvlm.job.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.job.text.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists what a job was asked, by the names of its record. */
final class SettingsList {
    /** Of a list or of many files. */
    private static final int MOST_VALUES = 5;

    private SettingsList() {}

    /** Names and values in the record's order. */
    static Map<String, String> of(ObjectNode record) {
        Map<String, String> settings = new LinkedHashMap<>();
        record.properties().forEach(field -> add(field.getKey(), field.getValue(), settings));
        return settings;
    }

    private static void add(String name, JsonNode value, Map<String, String> settings) {
        if (name.equals("files")) {
            List<String> files = new ArrayList<>();
            value.properties()
                    .forEach(file ->
                            files.add(file.getKey() + ", " + file.getValue().asText()));
            settings.put(name, first(files));
        } else if (value.isObject()) {
            value.properties().forEach(field -> add(field.getKey(), field.getValue(), settings));
        } else if (value.isArray()) {
            List<String> values = new ArrayList<>();
            value.forEach(element -> values.add(element.asText()));
            settings.put(name, first(values));
        } else if (!value.asText().isEmpty()) {
            settings.put(name, value.asText());
        }
    }

    private static String first(List<String> values) {
        int more = values.size() - MOST_VALUES;
        return String.join("\n", values.subList(0, Math.min(values.size(), MOST_VALUES)))
                + (more > 0 ? "\nand " + Figures.count(more) + " more" : "");
    }
}
