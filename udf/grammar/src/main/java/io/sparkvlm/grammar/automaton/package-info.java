/**
 * Grammars over bytes, the states that bytes lead them to, and the tokens that each state allows. What comes in are {@link
 * io.sparkvlm.grammar.automaton.Part}s and a vocabulary, what comes out is a {@link
 * io.sparkvlm.grammar.automaton.TokenGrammar}. Start reading at {@link io.sparkvlm.grammar.automaton.Automaton}.
 */
package io.sparkvlm.grammar.automaton;
