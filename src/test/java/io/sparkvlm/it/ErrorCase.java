package io.sparkvlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of requests and the error that it meets: a row of {@code resources/contract/errors.txt}.
 *
 * @param param empty for none
 * @param line a Batch line, or what stands in its place
 */
record ErrorCase(String code, int status, String param, String messagePart, String line) {
    private static final Path TABLE = Path.of("resources/contract/errors.txt");
    private static final Pattern REPEATED = Pattern.compile("<<(.+?)\\*(\\d+)>>");
    private static final int COLUMNS = 5;

    /** @param port of the server that some of them name */
    static List<ErrorCase> all(int port) throws IOException {
        List<ErrorCase> cases = new ArrayList<>();
        String section = "";
        for (String row : Files.readAllLines(TABLE)) {
            if (row.startsWith("==")) {
                section = row.replaceAll("== |:.*", "");
            } else if (!row.isBlank() && !row.startsWith("#")) {
                String[] cells = row.split(" +\\| +", COLUMNS);
                assertThat(cells).as(row).hasSize(COLUMNS);
                String written = repeated(cells[4]).replace("PORT", Integer.toString(port));
                cases.add(new ErrorCase(
                        cells[0],
                        Integer.parseInt(cells[1]),
                        cells[2].replaceAll("^-$", ""),
                        cells[3],
                        line(section, written, "case-" + cases.size())));
            }
        }
        return cases;
    }

    @Override
    public String toString() {
        return code + ": " + (line.length() > 200 ? line.substring(0, 200) + "…" : line);
    }

    private static String line(String section, String written, String customId) {
        return switch (section) {
            case "line" -> written;
            case "body" ->
                "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                        + written + "}";
            case "image", "video" -> {
                String part = section + "_url";
                yield line(
                        "body",
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"" + part + "\",\"" + part
                                + "\":{\"url\":" + TextNode.valueOf(written) + "}}]}]}",
                        customId);
            }
            default -> throw new IllegalArgumentException("expected a section that is known, found " + section);
        };
    }

    private static String repeated(String text) {
        return REPEATED.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1).repeat(Integer.parseInt(match.group(2)))));
    }
}
