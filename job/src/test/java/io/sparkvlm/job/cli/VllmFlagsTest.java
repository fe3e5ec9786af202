package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkvlm.job.cli.flags.VllmFlag;
import io.sparkvlm.job.cli.flags.VllmFlags;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Holds the table of vLLM's flags to what the command line does, and the page to the table. */
final class VllmFlagsTest {
    private static final Path PAGE = Path.of("../docs/reference/vllm-flags.md");
    private static final CommandLine LINE = RootCommand.commandLine();
    private static final List<String> NEEDED =
            List.of("generate", "--model", "m", "--input", "in.jsonl", "--output", "out");

    static List<VllmFlag> flags() {
        return VllmFlags.all();
    }

    @ParameterizedTest
    @MethodSource("flags")
    void isWhatItsRowSays(VllmFlag flag) {
        for (String name : flag.names()) {
            if (flag.here().equals(VllmFlag.REFUSED)) {
                assertThat(catchThrowable(() -> parse(words(name, flag))))
                        .as(name)
                        .hasMessage(flag.name() + " is vLLM's and not taken here: " + flag.reason());
                continue;
            }
            ParseResult parsed = parse(words(name, flag)).subcommand();
            OptionSpec option = parsed.matchedOption(name);
            assertThat(option.hidden()).as(name).isEqualTo(!flag.isInForce());
            assertThat(VllmFlags.notes(parsed))
                    .as(name)
                    .isEqualTo(
                            flag.here().equals(VllmFlag.NO_EFFECT)
                                    ? List.of(flag.name() + " has no effect: " + flag.reason())
                                    : List.of());
            if (flag.here().startsWith("as ")) {
                assertThat(option.names()[0]).isEqualTo(flag.here().substring("as ".length()));
            }
            if (!flag.onlyValues().isEmpty()) {
                assertThat(catchThrowable(() -> parse(List.of(name, "another"))))
                        .as(name)
                        .hasMessageContaining(flag.name())
                        .hasMessageContaining("\"another\"")
                        .hasMessageEndingWith(flag.reason());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("flags")
    void theOppositeOfASwitchIsTakenWithoutAWord(VllmFlag flag) {
        if (flag.isInForce()) {
            return;
        }
        for (String opposite : flag.opposites()) {
            if (flags().stream().noneMatch(other -> other.names().contains(opposite))) {
                assertThat(VllmFlags.notes(parse(List.of(opposite)).subcommand()))
                        .isEmpty();
            }
        }
    }

    @Test
    void theCommandLineOfRunBatchIsTakenAsItIs() {
        ParseResult parsed = parse("run-batch -i in.jsonl -o answers.jsonl --model m --dtype auto --max-model-len 2k"
                        + " --gpu-memory-utilization 0.9 --limit-mm-per-prompt {\"image\":1} --generation-config vllm"
                        + " --override-generation-config {\"temperature\":0.2} --enable-prefix-caching"
                        + " --trust-remote-code --no-enable-log-requests -tp 1 --seed 1 --served-model-name a b"
                        + " --mm-processor-kwargs {\"max_pixels\":602112}"
                        + " --allowed-media-domains x.org y.org --max-num-seqs 8 --enforce-eager")
                .subcommand();
        assertThat(VllmFlags.notes(parsed))
                .extracting(note -> note.substring(0, note.indexOf(' ')))
                .containsExactlyInAnyOrder("--gpu-memory-utilization", "--trust-remote-code", "--enforce-eager");
        assertThat(parsed.matchedOption("--served-model-name").<List<String>>getValue())
                .containsExactly("a", "b");
    }

    @Test
    void flagsWithDotsAreTheJsonOfTheirValues() {
        ParseResult parsed = parse(dotted("--limit-mm-per-prompt.image 2 --limit_mm_per_prompt.video=1"
                        + " --override-generation-config.temperature 0 --compilation-config.mode 3 -cc.level=x"
                        + " --hf-overrides {} --allowed-media-domains a.org"))
                .subcommand();
        assertThat(parsed.matchedOption("--limit-mm-per-prompt").<MediaCounts>getValue())
                .isEqualTo(new MediaCounts(2, 1));
        assertThat(parsed.matchedOption("--override-generation-config").stringValues())
                .containsExactly("{\"temperature\":0}");
        assertThat(VllmFlags.notes(parsed)).containsExactly("--compilation-config has no effect: nothing is compiled");
        assertThat(catchThrowable(() -> parse(dotted("--hf-overrides.a.b x --hf-overrides.a.c [1]"))))
                .hasMessageContaining("found \"{\"a\":{\"b\":\"x\",\"c\":[1]}}\"");
        assertThat(catchThrowable(() -> parse(dotted("--no-such.flag 1")))).hasMessageContaining("--no-such.flag");
    }

    private static List<String> dotted(String words) {
        return List.of(RootCommand.normalized(words.split(" "), LINE));
    }

    @Test
    void theOppositeOfASwitchOfOursTurnsItOff() {
        for (String opposite : List.of("--no-enable-prefix-caching", "--disable-prefix-caching")) {
            boolean on = parse(List.of(opposite)).subcommand().matchedOptionValue("--enable-prefix-caching", true);
            assertThat(on).as(opposite).isFalse();
        }
    }

    @Test
    void thePageHasEveryFlagAsTheTableHasIt() throws IOException {
        List<String> expected = new ArrayList<>();
        for (VllmFlag flag : flags()) {
            String names = String.join("`, `", flag.names());
            expected.add("| `" + names + (flag.isSwitch() ? "" : " " + flag.example()) + "` | " + here(flag) + " | "
                    + flag.reason() + " |");
        }
        assertThat(Files.readAllLines(PAGE).stream()
                        .takeWhile(line -> !line.equals("## vllm serve"))
                        .filter(line -> line.startsWith("| `-")))
                .containsExactlyElementsOf(expected);
    }

    private static String here(VllmFlag flag) {
        return flag.onlyValues().isEmpty()
                ? flag.here().replaceFirst("(--.*)", "`$1`")
                : "only `" + String.join("`, `", flag.onlyValues()) + "`";
    }

    private static List<String> words(String name, VllmFlag flag) {
        String value = flag.example().replaceAll("[\\[\\]]| \\.\\.\\.$", "");
        return Stream.concat(Stream.of(name), Arrays.stream(value.split(" ")).filter(word -> !word.isEmpty()))
                .toList();
    }

    /** With the options that a job needs, where the flag is none of them. */
    private static ParseResult parse(List<String> words) {
        List<String> all = new ArrayList<>(NEEDED);
        CommandSpec generate = LINE.getSubcommands().get("generate").getCommandSpec();
        OptionSpec given = generate.optionsMap().get(words.get(0));
        for (String needed : List.of("--model", "--input", "--output")) {
            if (generate.optionsMap().get(needed).equals(given)) {
                int at = all.indexOf(needed);
                all.subList(at, at + 2).clear();
            }
        }
        all.addAll(words);
        return LINE.parseArgs(all.toArray(String[]::new));
    }

    private static ParseResult parse(String words) {
        return LINE.parseArgs(words.split(" "));
    }
}
