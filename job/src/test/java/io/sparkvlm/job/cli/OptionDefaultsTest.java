package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class OptionDefaultsTest {
    @TempDir
    private Path folder;

    @Test
    void asksTheCommandLineThenSparkThenTheFileThenTheOption() throws Exception {
        String file = file("seed = 1\nmax-num-seqs = 1\nmax-num-batched-tokens = 1\nmodel=m\ninput=i\noutput=o\n");
        CommandSpec command = parsed(
                Map.of(),
                "--properties-file",
                file,
                "--conf",
                "spark.sparkvlm.seed=2",
                "--conf",
                "spark.sparkvlm.max-num-seqs=2",
                "--seed",
                "3");
        assertThat(value(command, "--seed")).isEqualTo(3L);
        assertThat(value(command, "--max-num-seqs")).isEqualTo(2);
        assertThat(value(command, "--max-num-batched-tokens")).isEqualTo(1);
        assertThat(value(command, "--max-model-len")).isEqualTo("auto");
    }

    @Test
    void findsTheFileThroughTheEnvironment() throws Exception {
        String file = file("seed = 7\nstrict = true\nserved-model-name = a,b\nmodel=m\ninput=i\noutput=o");
        CommandSpec command = parsed(Map.of(OptionDefaults.PROPERTIES_FILE_VARIABLE, file));
        assertThat(value(command, "--seed")).isEqualTo(7L);
        assertThat(value(command, "--strict")).isEqualTo(true);
        assertThat(value(command, "--served-model-name")).isEqualTo(List.of("a", "b"));
    }

    @Test
    void takesAKeyWithoutAValueForNone() throws Exception {
        String file = file("served-model-name =\nlimit =\nlimit-mm-per-prompt =\nallowed-media-domains =\n"
                + "allowed-media-cidrs =\nallowed-media-roots =\nmodel=m\ninput=i\noutput=o");
        CommandSpec command = parsed(Map.of(), "--properties-file", file);
        assertThat(value(command, "--served-model-name")).isEqualTo(List.of());
        assertThat(value(command, "--limit")).isEqualTo(Optional.empty());
    }

    @Test
    void readsAFlagWithAndWithoutItsValue() throws Exception {
        String file = file("strict = true\nmodel=m\ninput=i\noutput=o");
        assertThat(value(parsed(Map.of(), "--properties-file", file, "--strict=false"), "--strict"))
                .isEqualTo(false);
        assertThat(value(parsed(Map.of(), "--properties-file", file, "--strict"), "--strict"))
                .isEqualTo(true);
    }

    @Test
    void refusesAnUnknownKeyAndNamesTheNearest() throws Exception {
        String file = file("max-num-seq = 8");
        assertThatThrownBy(() -> parsed(Map.of(), "--properties-file", file))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("\"max-num-seq\" in " + file)
                .hasMessageContaining("\"max-num-seqs\"");
        assertThatThrownBy(() -> parsed(Map.of(), "--conf", "spark.sparkvlm.dtyp=float32"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("\"spark.sparkvlm.dtyp\"")
                .hasMessageContaining("\"spark.sparkvlm.dtype\"");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> parsed(Map.of(), "--properties-file", "no/such.properties"))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("no/such.properties");
    }

    private static CommandSpec parsed(Map<String, String> environment, String... options) throws JobRefusedException {
        String[] args = Stream.concat(Stream.of("generate"), Stream.of(options)).toArray(String[]::new);
        CommandLine line = RootCommand.commandLine();
        line.setDefaultValueProvider(OptionDefaults.of(args, environment).providerFor(line));
        return line.parseArgs(args).subcommand().commandSpec();
    }

    private static Object value(CommandSpec command, String option) {
        return command.findOption(option).getValue();
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("job.properties"), content).toString();
    }
}
