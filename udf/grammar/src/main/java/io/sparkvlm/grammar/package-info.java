/**
 * Makes of what a request asks its answer to be (a JSON schema, a regular expression, some choices) a grammar of its tokens. What
 * comes in is an {@link io.sparkvlm.grammar.AnswerFormat}, what comes out is a {@link io.sparkvlm.grammar.automaton.TokenGrammar}.
 * Start reading at {@link io.sparkvlm.grammar.Grammars}.
 */
package io.sparkvlm.grammar;
