package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.cli.flags.VllmFlags;
import io.sparkvlm.preprocessing.request.validation.RequestValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the page's tables of what vLLM and Ray Data LLM have to lists that were recorded from them, and to what is done here. */
final class VllmFieldsTest {
    private static final Path PAGE = Path.of("../docs/reference/vllm-flags.md");
    private static final Path RECORDED = Path.of("src/test/resources/io/sparkvlm/job/cli");
    private static final Pattern ROW = Pattern.compile("^\\| `(.+?)` \\| (.*) \\| .*\\|$");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)[ `]");

    @Test
    void everyFlagOfVllmIsInTheTable() throws IOException {
        Set<String> known =
                VllmFlags.all().stream().flatMap(flag -> flag.names().stream()).collect(Collectors.toSet());
        rows("vllm serve").keySet().forEach(names -> known.addAll(List.of(names.split("`, `"))));

        assertThat(recorded("vllm-0.32.0-flags.txt")).isSubsetOf(known);
    }

    @Test
    void everyFieldOfARequestIsWhatItsRowSays() throws IOException {
        Map<String, String> rows = rows("Fields of a request");

        assertThat(rows.keySet()).containsExactlyElementsOf(recorded("vllm-0.32.0-fields.txt"));
        rows.forEach((field, here) -> assertThat(here).as(field).isEqualTo(here(field)));
    }

    private static String here(String field) {
        if (RequestValidator.refusedFields().contains(field)) {
            return "refused";
        }
        return RequestValidator.meaninglessFields().contains(field)
                ? "no effect"
                : RequestValidator.honouredFields().contains(field)
                                || RequestValidator.singleValuedFields().contains(field)
                        ? "same"
                        : "not known";
    }

    @Test
    void everySamplingParameterIsWhatTheFieldOfItsNameIs() throws IOException {
        Map<String, String> rows = rows("SamplingParams");

        assertThat(rows.keySet()).containsExactlyElementsOf(recorded("vllm-0.32.0-sampling.txt"));
        rows.forEach((parameter, here) -> {
            switch (here) {
                case "none" -> assertThat(here(parameter)).as(parameter).isEqualTo("not known");
                case "as `top_logprobs`" -> assertThat(here("top_logprobs")).isEqualTo("same");
                default -> assertThat(here).as(parameter).isEqualTo(here(parameter));
            }
        });
    }

    @Test
    void everyParameterOfRayDataLlmHasItsPlace() throws IOException {
        Map<String, String> rows = rows("Ray Data LLM");

        assertThat(rows.keySet()).containsExactlyElementsOf(recorded("ray-data-llm-2.60.0.txt"));
        Set<String> options = RootCommand.commandLine()
                .getSubcommands()
                .get("generate")
                .getCommandSpec()
                .optionsMap()
                .keySet();
        assertThat(rows.values().stream()
                        .flatMap(here -> OPTION.matcher(here).results())
                        .map(option -> option.group(1)))
                .isNotEmpty()
                .allMatch(options::contains);
    }

    private static List<String> recorded(String file) throws IOException {
        return Files.readAllLines(RECORDED.resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    /** What a section says of each name, in its order. */
    private static Map<String, String> rows(String section) throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("\n## " + section + "\n");
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end)
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(Matcher::toMatchResult)
                .collect(Collectors.toMap(
                        row -> row.group(1), (MatchResult row) -> row.group(2), (a, b) -> a, LinkedHashMap::new));
    }
}
