package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Resolves what a schema combines: its references, allOf, anyOf and oneOf become a list of schemas without them, of which a valid
 * value is held valid by at least one.
 */
final class Alternatives {
    /** Of one schema; those that are written by hand have fewer. */
    private static final int MAX_ALTERNATIVES = 512;

    private static final int MAX_DEPTH = 64;

    /** Of all schemas together, each as often as others refer to it. */
    private static final int MAX_VISITS = 50_000;

    private final JsonNode root;
    private int visits;

    Alternatives(JsonNode root) {
        this.root = root;
    }

    /** The alternatives of a schema; none where nothing is valid. */
    List<Located> of(Located schema) throws UnsupportedGrammarException {
        return of(schema, new HashSet<>(), 0);
    }

    private List<Located> of(Located schema, Set<String> references, int depth) throws UnsupportedGrammarException {
        if (depth > MAX_DEPTH) {
            throw schema.refused("expected schemas that combine others at most " + MAX_DEPTH + " deep");
        }
        visits++;
        if (visits > MAX_VISITS) {
            throw schema.refused("expected schemas that combine fewer others");
        }
        JsonNode node = schema.node();
        if (node.isBoolean()) {
            return node.booleanValue()
                    ? List.of(new Located(JsonNodeFactory.instance.objectNode(), schema.path()))
                    : List.of();
        }
        if (!node.isObject()) {
            throw schema.refused("expected a schema, found " + Described.value(node));
        }
        refuseUnsupported(schema);
        List<Located> all = List.of(new Located(OwnKeywords.of(schema), schema.path()));
        if (schema.has("$ref")) {
            all = both(all, referred(schema.field("$ref"), references, depth), schema);
        }
        if (schema.has("allOf")) {
            for (Located part : schemas(schema.field("allOf"))) {
                all = both(all, of(part, references, depth + 1), schema);
            }
        }
        if (schema.has("anyOf")) {
            List<Located> any = new ArrayList<>();
            for (Located part : schemas(schema.field("anyOf"))) {
                any.addAll(of(part, references, depth + 1));
            }
            all = both(all, any, schema);
        }
        if (schema.has("oneOf")) {
            all = both(all, one(schema.field("oneOf"), references, depth), schema);
        }
        return all;
    }

    private static void refuseUnsupported(Located schema) throws UnsupportedGrammarException {
        for (String keyword : Keywords.REFUSED) {
            JsonNode value = schema.node().path(keyword);
            boolean says =
                    !value.isMissingNode() && !(value.isContainerNode() && value.isEmpty() && !keyword.equals("not"));
            if (says) {
                throw schema.field(keyword).refused("'" + keyword + "' is not supported");
            }
        }
        JsonNode unevaluated = schema.node().path("unevaluatedProperties");
        if (unevaluated.isObject() && !unevaluated.isEmpty()) {
            throw schema.field("unevaluatedProperties")
                    .refused("'unevaluatedProperties' with a schema is not supported");
        }
        if (schema.node().path("uniqueItems").asBoolean()) {
            throw schema.field("uniqueItems").refused("'uniqueItems' is not supported");
        }
    }

    private List<Located> referred(Located reference, Set<String> references, int depth)
            throws UnsupportedGrammarException {
        String target = reference.node().asText();
        if (!target.startsWith("#")) {
            throw reference.refused("expected a reference within the schema, as '#/$defs/name', found "
                    + Described.value(reference.node()));
        }
        if (!references.add(target)) {
            throw reference.refused("expected no reference that leads to itself with nothing in between");
        }
        JsonNode found;
        try {
            // Not by URLDecoder alone, which makes blanks of plus signs.
            String pointer = URLDecoder.decode(target.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            found = root.at(JsonPointer.compile(pointer));
        } catch (IllegalArgumentException e) {
            throw reference.refused(
                    "expected a reference as '#/$defs/name', found " + Described.value(reference.node()));
        }
        if (found.isMissingNode()) {
            throw reference.refused("expected a schema at " + Described.value(reference.node()) + ", found none");
        }
        List<Located> alternatives = of(new Located(found, reference.path()), references, depth + 1);
        references.remove(target);
        return alternatives;
    }

    private List<Located> one(Located oneOf, Set<String> references, int depth) throws UnsupportedGrammarException {
        List<Located> all = new ArrayList<>();
        for (Located part : schemas(oneOf)) {
            List<Located> more = of(part, references, depth + 1);
            for (Located alternative : more) {
                for (Located other : all) {
                    if (!Disjoint.are(alternative.node(), other.node())) {
                        throw part.refused("expected schemas in oneOf of which no value can have two, as by types or a"
                                + " property with another const in each; or anyOf");
                    }
                }
            }
            all.addAll(more);
        }
        return all;
    }

    private static List<Located> schemas(Located array) throws UnsupportedGrammarException {
        if (!array.node().isArray() || array.node().isEmpty()) {
            throw array.refused("expected an array of schemas, found " + Described.value(array.node()));
        }
        List<Located> schemas = new ArrayList<>();
        for (int i = 0; i < array.node().size(); i++) {
            schemas.add(array.element(i));
        }
        return schemas;
    }

    /** What both hold valid, for each of the one and each of the other. */
    private static List<Located> both(List<Located> some, List<Located> others, Located schema)
            throws UnsupportedGrammarException {
        if ((long) some.size() * others.size() > MAX_ALTERNATIVES) {
            throw schema.refused("expected at most " + MAX_ALTERNATIVES + " alternatives in one schema");
        }
        List<Located> both = new ArrayList<>();
        for (Located one : some) {
            for (Located other : others) {
                String path = one.node().isEmpty() ? other.path() : one.path();
                SchemaMerge.merged((ObjectNode) one.node(), (ObjectNode) other.node(), schema)
                        .ifPresent(merged -> both.add(new Located(merged, path)));
            }
        }
        return both;
    }
}
