package io.sparkvlm.job.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Names what a job is asked otherwise than the one that began its output: its answers would not go with those. */
final class RunDifferences {
    private final List<String> phrases = new ArrayList<>();

    private RunDifferences() {}

    /**
     * A phrase for each file and each option.
     *
     * @param began the record of the output
     * @param asked the job's, before its input was opened: what a prepared table decided is not compared
     */
    static List<String> between(RunRecord began, RunRecord asked) {
        RunDifferences differences = new RunDifferences();
        differences.compare(
                "input file ", began.whole().at("/input/files"), asked.whole().at("/input/files"), Set.of());
        differences.compare(
                "columns: ", began.whole().path("columns"), asked.whole().path("columns"), Set.of());
        differences.compare(
                "--", options(began), options(asked), names(began.whole().at("/input/prepared-with")));
        return differences.phrases;
    }

    private static ObjectNode options(RunRecord record) {
        ObjectNode options = record.whole().withObject("/settings").deepCopy();
        options.put("model", record.whole().path("model").asText());
        return options.put("allowed-local-media-path", record.allowedLocalMediaPath());
    }

    private void compare(String kind, JsonNode was, JsonNode is, Set<String> left) {
        Set<String> names = names(was);
        names.addAll(names(is));
        names.removeAll(left);
        for (String name : names) {
            String before = text(was, name);
            String now = text(is, name);
            if (!before.equals(now)) {
                phrases.add(kind + name + " was " + before + " and is " + now);
            }
        }
    }

    private static String text(JsonNode options, String name) {
        JsonNode value = options.path(name);
        String text = value.isContainerNode() ? value.toString() : value.asText();
        return text.isEmpty() ? "not there" : text;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
