package io.sparkvlm.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
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
record ConfigNode(Path file, String path, JsonNode json) {
    boolean has(String field) {
        return json.hasNonNull(field);
    }

    /** The field's value, or a missing node. */
    JsonNode node(String field) {
        return json.path(field);
    }

    ConfigNode child(String field) throws CheckpointException {
        if (!node(field).isObject()) {
            throw fault(field, "an object", node(field).toString());
        }
        return new ConfigNode(file, path + field + ".", node(field));
    }

    int integer(String field) throws CheckpointException {
        JsonNode value = node(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw fault(field, "an integer", value.toString());
        }
        return value.asInt();
    }

    int integer(String field, int otherwise) throws CheckpointException {
        return has(field) ? integer(field) : otherwise;
    }

    double decimal(String field) throws CheckpointException {
        if (!node(field).isNumber()) {
            throw fault(field, "a number", node(field).toString());
        }
        return node(field).asDouble();
    }

    double decimal(String field, double otherwise) throws CheckpointException {
        return has(field) ? decimal(field) : otherwise;
    }

    boolean flag(String field, boolean otherwise) throws CheckpointException {
        if (!has(field)) {
            return otherwise;
        }
        if (!node(field).isBoolean()) {
            throw fault(field, "true or false", node(field).toString());
        }
        return node(field).asBoolean();
    }

    List<Integer> integers(String field) throws CheckpointException {
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : array(field)) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw fault(field, "integers", node(field).toString());
            }
            values.add(value.asInt());
        }
        return values;
    }

    List<Double> decimals(String field) throws CheckpointException {
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

    void requireOneOf(String field, Set<String> values) throws CheckpointException {
        if (!values.contains(node(field).asText())) {
            throw fault(
                    field,
                    String.join(" or ", new TreeSet<>(values)),
                    node(field).toString());
        }
    }

    void optionallyOneOf(String field, Set<String> values) throws CheckpointException {
        if (has(field)) {
            requireOneOf(field, values);
        }
    }

    void optionallyEqual(String field, int value) throws CheckpointException {
        if (integer(field, value) != value) {
            throw fault(field, String.valueOf(value), node(field).toString());
        }
    }

    void refuse(String field) throws CheckpointException {
        if (has(field)) {
            throw fault(field, "no such field: this engine does not compute it", "one");
        }
    }

    CheckpointException fault(String field, String expected, String found) {
        return new CheckpointException(
                file,
                "expected " + path + field + " to be " + expected + ", found " + (found.isEmpty() ? "none" : found));
    }
}
