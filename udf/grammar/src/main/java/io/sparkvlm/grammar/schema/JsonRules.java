package io.sparkvlm.grammar.schema;

import com.fasterxml.jackson.databind.node.TextNode;
import io.sparkvlm.grammar.automaton.Nfa;
import io.sparkvlm.grammar.automaton.Part;
import io.sparkvlm.grammar.automaton.Rule;
import io.sparkvlm.grammar.text.CodePoints;
import io.sparkvlm.grammar.text.Spelling;
import java.nio.charset.StandardCharsets;

/** JSON itself (RFC 8259) as rules: each once in a grammar, called wherever it stands. */
final class JsonRules {
    /** Deep enough for six levels of four; more would let a model go on with blanks. */
    private static final int MAX_INDENT = 24;

    // A double tells 17 digits apart, and its exponent has three.
    private static final int MAX_DIGITS = 17;
    private static final int MAX_EXPONENT_DIGITS = 2;

    private static final Part DIGIT = Spelling.PLAIN.character(CodePoints.range('0', '9'));
    private static final Part POSITIVE_DIGIT = Spelling.PLAIN.character(CodePoints.range('1', '9'));
    private static final Part WHOLE = Part.sequence(
            Part.ascii("-").optional(),
            Part.anyOf(Part.ascii("0"), Part.sequence(POSITIVE_DIGIT, DIGIT.repeated(0, MAX_DIGITS - 1))));
    private static final Part FRACTION = Part.sequence(Part.ascii("."), DIGIT.repeated(1, MAX_DIGITS));
    private static final Part EXPONENT = Part.sequence(
            Spelling.PLAIN.character(CodePoints.of("eE")),
            Spelling.PLAIN.character(CodePoints.of("+-")).optional(),
            DIGIT.repeated(1, MAX_EXPONENT_DIGITS));

    private final Nfa nfa;
    private final Part space;
    private final Part string;
    private final Part integer;
    private final Part number;
    private final Rule value;

    JsonRules(Nfa nfa) {
        this.nfa = nfa;
        this.space = rule(Part.anyOf(
                        Part.ascii(" "),
                        Part.sequence(Part.ascii("\n"), Part.ascii(" ").repeated(0, MAX_INDENT)))
                .optional());
        this.string = rule(string(Spelling.JSON.character(CodePoints.ALL).repeated(0)));
        this.integer = rule(WHOLE);
        this.number = rule(Part.sequence(WHOLE, FRACTION.optional(), EXPONENT.optional()));
        this.value = nfa.rule();
        nfa.define(
                value,
                Part.anyOf(
                        string,
                        number,
                        Part.ascii("true"),
                        Part.ascii("false"),
                        Part.ascii("null"),
                        list("[", value(), "]"),
                        object(string, value())));
    }

    /** Adds a rule of its own for a part. */
    Part rule(Part part) {
        Rule rule = nfa.rule();
        nfa.define(rule, part);
        return Nfa.call(rule);
    }

    /** What may stand between two pieces: nothing, a blank, or the end of a line and an indent. */
    Part space() {
        return space;
    }

    Part string() {
        return string;
    }

    Part integer() {
        return integer;
    }

    Part number() {
        return number;
    }

    /** Any value. */
    Part value() {
        return Nfa.call(value);
    }

    /** An object of any number of members. */
    Part object(Part name, Part memberValue) {
        return list("{", member(name, memberValue), "}");
    }

    Part member(Part name, Part memberValue) {
        return Part.sequence(name, Part.ascii(":"), space, memberValue);
    }

    Part comma() {
        return Part.sequence(Part.ascii(","), space);
    }

    private Part list(String open, Part element, String close) {
        return enclosed(
                open, Part.sequence(element, Part.sequence(comma(), element).repeated(0)), true, close);
    }

    /** An array of these elements. */
    Part brackets(Part elements, boolean mayBeEmpty) {
        return enclosed("[", elements, mayBeEmpty, "]");
    }

    /** An object of these members. */
    Part braces(Part members, boolean mayBeEmpty) {
        return enclosed("{", members, mayBeEmpty, "}");
    }

    Part braces(Members members) {
        return Part.sequence(Part.ascii("{"), space, members, Part.ascii("}"));
    }

    private Part enclosed(String open, Part inner, boolean mayBeEmpty, String close) {
        Part filled = Part.sequence(inner, space);
        return Part.sequence(Part.ascii(open), space, mayBeEmpty ? filled.optional() : filled, Part.ascii(close));
    }

    /** A name or another string, in one way of writing it. */
    static Part text(String text) {
        return Part.bytes(quoted(text));
    }

    static byte[] quoted(String text) {
        return TextNode.valueOf(text).toString().getBytes(StandardCharsets.UTF_8);
    }

    static Part string(Part characters) {
        return Part.sequence(Part.ascii("\""), characters, Part.ascii("\""));
    }
}
