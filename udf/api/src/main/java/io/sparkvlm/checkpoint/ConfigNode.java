package io.sparkvlm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One object of a configuration file, read field by field; a fault names the file and the field. null counts as absent.
 *
 * @param path of the object inside the file, empty for the file's own
 */
public record ConfigNode(Path file, String path, JsonNode json) {
    /** The object that a file holds. */
    public static ConfigNode read(Path file) throws IOException {
        return new ConfigNode(file, "", JsonFile.read(file));
    }

    public boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** The field's value, or a missing node. */
    public JsonNode node(String field) {
        return json.path(field);
    }

    public ConfigNode child(String field) throws CheckpointException {
        if (!node(field).isObject()) {
            throw fault(field, "an object", node(field).toString());
        }
        return new ConfigNode(file, path + field + ".", node(field));
    }

    public int integer(String field) throws CheckpointException {
        JsonNode value = node(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw fault(field, "an integer", value.toString());
        }
        return value.asInt();
    }

    public int integer(String field, int otherwise) throws CheckpointException {
        return has(field) ? integer(field) : otherwise;
    }

    public double decimal(String field) throws CheckpointException {
        if (!node(field).isNumber()) {
            throw fault(field, "a number", node(field).toString());
        }
        return node(field).asDouble();
    }

    public double decimal(String field, double otherwise) throws CheckpointException {
        return has(field) ? decimal(field) : otherwise;
    }

    public boolean flag(String field, boolean otherwise) throws CheckpointException {
        if (!has(field)) {
            return otherwise;
        }
        if (!node(field).isBoolean()) {
            throw fault(field, "true or false", node(field).toString());
        }
        return node(field).asBoolean();
    }

    public List<Integer> integers(String field) throws CheckpointException {
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : array(field)) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw fault(field, "integers", node(field).toString());
            }
            values.add(value.asInt());
        }
        return values;
    }

    public List<Double> decimals(String field) throws CheckpointException {
        List<Double> values = new ArrayList<>();
        for (JsonNode value : array(field)) {
            if (!value.isNumber()) {
                throw fault(field, "numbers", node(field).toString());
            }
            values.add(value.asDouble());
        }
        return values;
    }

    private JsonNode array(String field) throws CheckpointException {
        if (!node(field).isArray()) {
            throw fault(field, "an array", node(field).toString());
        }
        return node(field);
    }

    public void requireOneOf(String field, Set<String> values) throws CheckpointException {
        if (!values.contains(node(field).asText())) {
            throw fault(
                    field,
                    String.join(" or ", new TreeSet<>(values)),
                    node(field).toString());
        }
    }

    public void optionallyOneOf(String field, Set<String> values) throws CheckpointException {
        if (has(field)) {
            requireOneOf(field, values);
        }
    }

    public void optionallyEqual(String field, int value) throws CheckpointException {
        if (integer(field, value) != value) {
            throw fault(field, String.valueOf(value), node(field).toString());
        }
    }

    public CheckpointException fault(String field, String expected, String found) {
        return new CheckpointException(
                file,
                "expected " + path + field + " to be " + expected + ", found " + (found.isEmpty() ? "none" : found));
    }
}
