package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.options.HelpGroup;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/** Holds the tables of options that people read to the options that the commands take. */
final class OptionTablesTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final Path PAGE = CHECKOUT.resolve("docs/reference/command.md");
    private static final Pattern KEY = Pattern.compile("^# ([a-z][a-z-]*) =(.*)$", Pattern.MULTILINE);
    private static final Pattern FLAG = Pattern.compile("`--([a-z-]+)`");
    /** Flag, default, commands and meaning. */
    private static final int OPTION_CELLS = 4;

    @Test
    void thePropertiesFileHasEveryKeyWithItsDefault() throws IOException {
        Map<String, String> written = KEY.matcher(Files.readString(CHECKOUT.resolve("conf/job.properties")))
                .results()
                .collect(Collectors.toMap(
                        key -> key.group(1), key -> key.group(2).strip()));
        Map<String, OptionSpec> options = options();
        options.putAll(options("serve"));
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
    void theTablesOfFlagsHaveEveryOptionWithItsGroupDefaultAndCommands() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        Set<String> generate = options("generate").keySet();
        Set<String> prepare = options("prepare").keySet();
        options()
                .forEach((name, option) -> expected.put(
                        name,
                        String.join(
                                " | ",
                                groupOf(option).heading(),
                                Objects.toString(option.defaultValue(), ""),
                                !prepare.contains(name) ? "generate" : generate.contains(name) ? "both" : "prepare")));

        Map<String, String> written = new TreeMap<>();
        for (HelpGroup group : HelpGroup.values()) {
            for (String[] row : rows("### " + group.heading(), OPTION_CELLS)) {
                flags(row[0]).forEach(flag -> written.put(flag, String.join(" | ", group.heading(), row[1], row[2])));
            }
        }
        assertThat(written).isEqualTo(expected);
    }

    @Test
    void thePageSaysWhichOptionsTheDemoTakes() {
        Set<String> expected = new TreeSet<>();
        options().forEach((name, option) -> {
            if (groupOf(option) == HelpGroup.MODEL_AND_ENGINE || groupOf(option) == HelpGroup.SPARK) {
                expected.add(name);
            }
        });
        expected.removeAll(Set.of("model", "served-model-name", "preprocessing"));
        expected.add("folder");
        assertThat(options("demo").keySet()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "report", "evaluate", "compare", "serve", "doctor", "plan", "prepack"})
    void theTableOfACommandOfItsOwnHasEveryOption(String command) throws IOException {
        Set<String> own = new TreeSet<>(options(command).keySet());
        own.removeAll(Set.of("master", "conf", "properties-file", "verbose"));
        if (command.equals("serve")) {
            assertThat(own).containsAll(optionsOfTheAnswers());
            own.removeAll(optionsOfTheAnswers());
        }
        if (command.equals("plan")) {
            options("plan").forEach((name, option) -> {
                if (groupOf(option) == HelpGroup.MODEL_AND_ENGINE) {
                    own.remove(name);
                }
            });
        }
        Set<String> written = new TreeSet<>();
        rows("## Options of " + command, 2).forEach(row -> written.addAll(flags(row[0])));
        assertThat(written).isEqualTo(own);
    }

    private static Set<String> optionsOfTheAnswers() {
        Set<String> names = new TreeSet<>();
        options("generate").forEach((name, option) -> {
            if (Set.of(HelpGroup.MODEL_AND_ENGINE, HelpGroup.MEDIA_SAFETY, HelpGroup.SAMPLING_AND_LIMITS)
                    .contains(groupOf(option))) {
                names.add(name);
            }
        });
        return names;
    }

    @Test
    void theTablesOfCommandsAndExitCodesAreWhole() throws IOException {
        Set<String> commands = RootCommand.commandLine().getSubcommands().keySet();
        assertThat(rows("# The command", 2).stream().map(row -> row[0]))
                .containsExactlyInAnyOrderElementsOf(
                        commands.stream().map(name -> "`" + name + "`").toList());
        assertThat(rows("## Exit codes", 2).stream().map(row -> row[0]))
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> "" + code.code())
                        .toList());
    }

    private static Set<String> withoutOptionsThatAreNoKeys(Map<String, OptionSpec> options) {
        Set<String> keys = new TreeSet<>(options.keySet());
        keys.retainAll(OptionDefaults.keys(RootCommand.commandLine().getCommandSpec()));
        return keys;
    }

    /** The options of both commands by their names without dashes; of options that both have, generate's. */
    private static Map<String, OptionSpec> options() {
        Map<String, OptionSpec> options = options("prepare");
        options.putAll(options("generate"));
        return options;
    }

    private static Map<String, OptionSpec> options(String command) {
        Map<String, OptionSpec> options = new TreeMap<>();
        for (OptionSpec option : RootCommand.commandLine()
                .getSubcommands()
                .get(command)
                .getCommandSpec()
                .options()) {
            if (!option.usageHelp() && !option.versionHelp() && !option.hidden()) {
                options.put(OptionDefaults.keys(option).get(0), option);
            }
        }
        return options;
    }

    private static HelpGroup groupOf(OptionSpec option) {
        return ((Field) option.userObject())
                .getDeclaringClass()
                .getAnnotation(HelpGroup.Of.class)
                .value();
    }

    /** The names in a cell, without dashes. */
    private static Set<String> flags(String cell) {
        return FLAG.matcher(cell).results().map(flag -> flag.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rows of the table below a heading, without its head; none where there is no such heading. */
    private static List<String[]> rows(String heading, int cells) throws IOException {
        return Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> line.substring(1, line.length() - 1).split("\\|", -1))
                .map(row -> Arrays.stream(row).map(String::strip).toArray(String[]::new))
                .peek(row -> assertThat(row).as(row[0]).hasSize(cells))
                .toList();
    }
}
