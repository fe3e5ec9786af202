/**
 * Characters, sets of them and regular expressions, in UTF-8 and in JSON strings. What comes in is a pattern, what comes out is a
 * {@link io.sparkvlm.grammar.automaton.Part}. Start reading at {@link io.sparkvlm.grammar.text.RegularExpression}.
 */
package io.sparkvlm.grammar.text;
