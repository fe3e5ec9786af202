package io.sparkvlm.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests of a table of {@code resources/contract}.
 *
 * @param section what the requests are a piece of
 * @param expected the columns that say what becomes of the request
 * @param line the whole request
 */
public record ContractTable(String section, List<String> expected, String line) {
    private static final Pattern REPEATED = Pattern.compile("<<(.+?)\\*(\\d+)>>");

    @Override
    public String toString() {
        return String.join(", ", expected) + ": " + (line.length() > 200 ? line.substring(0, 200) + "…" : line);
    }

    /**
     * Reads a table.
     *
     * @param columns how many there are, the request included
     */
    public static List<ContractTable> read(String name, int columns) {
        List<ContractTable> rows = new ArrayList<>();
        String section = "";
        for (String line : lines(name)) {
            if (line.startsWith("==")) {
                section = line.substring(2).strip();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                List<String> cells =
                        Arrays.stream(line.split(" +\\| +", columns)).toList();
                assertThat(cells).as(line).hasSize(columns);
                rows.add(new ContractTable(
                        section, cells.subList(0, columns - 1), whole(section, repeated(cells.get(columns - 1)))));
            }
        }
        return rows;
    }

    private static String whole(String section, String piece) {
        return switch (section.split(":", 2)[0]) {
            case "fields" -> Requests.bodyWith(piece);
            case "message" -> "{\"messages\":[{" + piece + "}]}";
            case "parts" -> Requests.bodyOfParts(piece);
            case "envelope" -> "{" + piece + ",\"body\":" + Requests.bodyWith("") + "}";
            case "body", "line" -> piece;
            default -> throw new IllegalArgumentException("expected a section that is known, found " + section);
        };
    }

    private static String repeated(String text) {
        return REPEATED.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))));
    }

    private static List<String> lines(String name) {
        try (InputStream in = ContractTable.class.getResourceAsStream("/contract/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
