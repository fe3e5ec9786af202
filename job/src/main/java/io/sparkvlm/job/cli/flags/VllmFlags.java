package io.sparkvlm.job.cli.flags;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Lets a command know vLLM's flags that are no options of ours: by a table, each is accepted without an effect, or refused
 * by its name with the reason. They are in no help and no keys.
 */
public final class VllmFlags {
    private static final String TABLE = "vllm-flags.tsv";

    private static final List<VllmFlag> ALL = read();

    private VllmFlags() {}

    public static List<VllmFlag> all() {
        return ALL;
    }

    /** Adds those flags to a command that it does not have itself. */
    public static void addTo(CommandSpec command) {
        for (VllmFlag flag : ALL) {
            if (!flag.isInForce()) {
                command.addOption(option(flag.names(), flag.arity())
                        .userObject(flag)
                        .preprocessor((words, spec, option, info) -> judged(flag, words, spec))
                        .build());
            }
        }
        // After all of them, because what is one flag's opposite may be a flag itself.
        for (VllmFlag flag : ALL) {
            List<String> free = flag.opposites().stream()
                    .filter(name -> !command.optionsMap().containsKey(name))
                    .toList();
            if (!free.isEmpty() && command.optionsMap().containsKey(flag.name())) {
                command.addOption(option(free, "0")
                        .preprocessor((words, spec, option, info) -> flag.isInForce() && turnedOff(flag, words))
                        .build());
            }
        }
    }

    /** Puts an option of ours in the place of its opposite. */
    private static boolean turnedOff(VllmFlag flag, Stack<String> words) {
        words.push(flag.name() + "=false");
        return true;
    }

    /** What the command line has that has no effect, a line each. */
    public static List<String> notes(ParseResult parsed) {
        return parsed.matchedOptions().stream()
                .filter(option -> option.userObject() instanceof VllmFlag flag
                        && flag.here().equals(VllmFlag.NO_EFFECT))
                .map(option -> (VllmFlag) option.userObject())
                .map(flag -> flag.name() + " has no effect: " + flag.reason())
                .distinct()
                .toList();
    }

    private static OptionSpec.Builder option(List<String> names, String arity) {
        return OptionSpec.builder(names.toArray(String[]::new))
                .arity(arity)
                .type(arity.equals("0") ? boolean.class : String[].class)
                .hidden(true);
    }

    /** @return false, picocli's word for: take the value from here on */
    private static boolean judged(VllmFlag flag, Stack<String> words, CommandSpec command) {
        if (flag.here().equals(VllmFlag.REFUSED)) {
            throw new ParameterException(
                    command.commandLine(), flag.name() + " is vLLM's and not taken here: " + flag.reason());
        }
        if (!flag.onlyValues().isEmpty() && !words.isEmpty() && !flag.isOnly(words.peek())) {
            throw new ParameterException(
                    command.commandLine(),
                    "expected " + flag.name() + " as " + String.join(" or ", flag.onlyValues()) + ", found \""
                            + words.peek() + "\": " + flag.reason());
        }
        return false;
    }

    private static List<VllmFlag> read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(VllmFlags.class.getResourceAsStream(TABLE), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> line.startsWith("-"))
                    .map(VllmFlag::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
