/**
 * JSON and JSON schemas. What comes in is a schema, what comes out is a {@link io.sparkvlm.grammar.automaton.Grammar} of the JSON
 * that it holds valid. Start reading at {@link io.sparkvlm.grammar.schema.SchemaCompiler}.
 */
package io.sparkvlm.grammar.schema;
