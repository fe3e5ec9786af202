package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/** Holds the tables of options that people read to the options that the commands take. */
final class OptionTablesTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final Pattern KEY = Pattern.compile("^# ([a-z][a-z-]*) =(.*)$", Pattern.MULTILINE);
    private static final Pattern TABLE = Pattern.compile("\\| flag \\| meaning \\|\\n.*\\n((?:\\|.*\\n)+)");
    private static final Pattern ROW = Pattern.compile("^\\|([^|]*)\\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern FLAG = Pattern.compile("`--([a-z-]+)`");
    private static final Pattern DEFAULT = Pattern.compile("(\\S+) by default");

    @Test
    void thePropertiesFileHasEveryKeyWithItsDefault() throws IOException {
        Map<String, String> written = KEY.matcher(Files.readString(CHECKOUT.resolve("conf/job.properties")))
                .results()
                .collect(Collectors.toMap(
                        key -> key.group(1), key -> key.group(2).strip()));
        Map<String, OptionSpec> options = options();
        assertThat(written.keySet()).isEqualTo(withoutOptionsThatAreNoKeys(options));
        written.forEach((key, value) -> {
            OptionSpec option = options.get(key);
            if (option.defaultValue() == null) {
                // The master depends on how the job was started, which its description says.
                assertThat(String.join("", option.description())).as(key).contains(value);
            } else {
                assertThat(value).as(key).isEqualTo(option.defaultValue());
            }
        });
    }

    @Test
    void theTableOfFlagsHasEveryOptionOfGenerateAndPrepare() throws IOException {
        String table = tableOfFlags();
        Set<String> flags = new TreeSet<>();
        Map<String, OptionSpec> options = options();
        for (MatchResult row : ROW.matcher(table).results().toList()) {
            Set<String> ofRow = FLAG.matcher(row.group(1))
                    .results()
                    .map(flag -> flag.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            flags.addAll(ofRow);
            DEFAULT.matcher(row.group(2)).results().map(MatchResult::group).forEach(said -> assertThat(ofRow)
                    .as(row.group())
                    .anyMatch(flag -> said.equals(options.get(flag).defaultValue() + " by default")));
        }
        assertThat(flags).isEqualTo(options.keySet());
    }

    private static Set<String> withoutOptionsThatAreNoKeys(Map<String, OptionSpec> options) {
        Set<String> keys = new TreeSet<>(options.keySet());
        keys.retainAll(OptionDefaults.keys(RootCommand.commandLine().getCommandSpec()));
        return keys;
    }

    /** The options of both commands by their names without dashes; of options that both have, generate's. */
    private static Map<String, OptionSpec> options() {
        Map<String, OptionSpec> options = new TreeMap<>();
        for (String command : new String[] {"prepare", "generate"}) {
            for (OptionSpec option : RootCommand.commandLine()
                    .getSubcommands()
                    .get(command)
                    .getCommandSpec()
                    .options()) {
                if (!option.usageHelp() && !option.versionHelp()) {
                    options.put(option.longestName().substring(2), option);
                }
            }
        }
        return options;
    }

    /** The first table of flags in the README or in docs that has {@code --model}. */
    private static String tableOfFlags() throws IOException {
        try (Stream<Path> docs = Files.walk(CHECKOUT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(CHECKOUT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(OptionTablesTest::tableIn)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Optional<String> tableIn(Path file) {
        try {
            Matcher tables = TABLE.matcher(Files.readString(file));
            return tables.results()
                    .map(table -> table.group(1))
                    .filter(rows -> rows.contains("`--model`"))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
