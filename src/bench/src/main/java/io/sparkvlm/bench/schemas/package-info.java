/**
 * Schemas that others wrote, made into grammars: folders of JSON schemas and a vocabulary go in, how many of them are held and what that
 * takes comes out. Start reading at {@link io.sparkvlm.bench.schemas.SchemaBench}.
 */
package io.sparkvlm.bench.schemas;
