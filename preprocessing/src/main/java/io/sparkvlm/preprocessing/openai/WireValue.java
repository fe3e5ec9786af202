package io.sparkvlm.preprocessing.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A value of a request as it came, and where in the request it stands.
 *
 * @param path as OpenAI names a param: {@code messages[1].content[0].image_url.url}; empty for the body itself
 * @param node as it came, of whatever type
 */
public record WireValue(String path, JsonNode node) {
    public WireValue {
        Objects.requireNonNull(path, "path");
        node = node == null ? MissingNode.getInstance() : node;
    }

    /** The field of that name; empty when it is absent or null, or when this is no object. */
    public Optional<WireValue> field(String name) {
        return has(name) && !node.get(name).isNull()
                ? Optional.of(new WireValue(pathOf(name), node.get(name)))
                : Optional.empty();
    }

    /** Whether there is a field of that name, be it null. */
    public boolean has(String name) {
        return node.has(name);
    }

    public String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public WireValue element(int index) {
        return new WireValue(path + "[" + index + "]", node.get(index));
    }

    /** The names of its fields, in the order they came. */
    public Set<String> fieldNames() {
        Set<String> names = new LinkedHashSet<>();
        for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        return names;
    }

    /** The type in OpenAI's words: {@code an integer}, {@code an object}, {@code null}. */
    public String type() {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal number";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case MISSING -> "nothing";
        };
    }
}
