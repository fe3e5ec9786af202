package io.sparkvlm.grammar.schema;

import io.sparkvlm.grammar.automaton.UnsupportedGrammarException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The formats of strings that schemas name, as regular expressions of what is always valid. */
final class Formats {
    private static final String LEAP_YEAR =
            "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";
    private static final String YEAR = "(?:000[1-9]|00[1-9]\\d|0[1-9]\\d\\d|[1-9]\\d{3})";
    private static final String DATE = "(?:" + YEAR
            + "-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|"
            + LEAP_YEAR + "-02-29)";
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|\\+(?:0\\d|1[0-3]):[0-5]\\d|-(?:0[1-9]|1[01]):[0-5]\\d)";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
    private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,3}";
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String GROUP = "[0-9a-fA-F]{1,4}";

    private static final Map<String, String> PATTERNS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "uuid",
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
            "email",
            "[A-Za-z0-9_+-]{1,20}(?:\\.[A-Za-z0-9_+-]{1,20}){0,2}@" + LABEL + "(?:\\." + LABEL
                    + "){0,2}\\.[A-Za-z]{2,16}",
            "hostname",
            HOST,
            "ipv4",
            BYTE + "(?:\\." + BYTE + "){3}",
            "ipv6",
            "(?:" + GROUP + ":){7}" + GROUP + "|::(?:" + GROUP + "(?::" + GROUP + "){0,5})?",
            "uri",
            "[a-z][a-z0-9+.-]{1,15}://" + HOST
                    + "(?::\\d{1,4})?(?:/[A-Za-z0-9._~-]{0,64}){0,16}(?:\\?[A-Za-z0-9._~=&-]{0,256})?(?:#[A-Za-z0-9._~-]{0,64})?",
            "duration",
            "P(?:\\d{1,9}W|(?:\\d{1,9}Y)?(?:\\d{1,9}M)?\\d{1,9}D(?:T\\d{1,9}H\\d{1,9}M\\d{1,9}S)?|T\\d{1,9}[HMS])");

    /** Those that the drafts name and that no pattern stands for here. All others are anybody's own, and mean nothing. */
    private static final Set<String> REFUSED = Set.of(
            "idn-email",
            "idn-hostname",
            "uri-reference",
            "iri",
            "iri-reference",
            "uri-template",
            "json-pointer",
            "relative-json-pointer",
            "regex");

    private Formats() {}

    /** The pattern of a schema's format; empty where it has none, or one of its own. */
    static Optional<String> pattern(Located schema) throws UnsupportedGrammarException {
        String format = schema.node().path("format").asText();
        if (REFUSED.contains(format)) {
            throw schema.field("format").refused("the format '" + format + "' is not supported");
        }
        return Optional.ofNullable(PATTERNS.get(format));
    }
}
