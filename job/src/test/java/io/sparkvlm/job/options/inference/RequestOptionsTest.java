package io.sparkvlm.job.options.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.request.validation.JobSampling;
import io.sparkvlm.preprocessing.request.validation.MediaCounts;
import io.sparkvlm.preprocessing.vision.PixelBounds;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class RequestOptionsTest {
    private static final String CHECKPOINT = "../preprocessing/src/test/resources/reference/tied/checkpoint";

    /** Values of options that take neither a number nor true or false. */
    private static final Map<String, String> VALUES = Map.of(
            "--served-model-name", "name",
            "--allowed-local-media-path", "/data",
            "--allowed-media-domains", "example.org",
            "--allowed-media-cidrs", "10.0.0.0/8",
            "--allowed-media-roots", "hdfs://store/data",
            "--generation-config", "auto",
            "--limit-mm-per-prompt", "image=1",
            "--drop-columns", "notes",
            "--override-generation-config", "{\"top_k\":5}",
            "--mm-processor-kwargs", "{\"max_pixels\":602112}");

    @Test
    void defaultsAreThoseOfPreprocessing() {
        PreprocessingConfig usual = PreprocessingConfig.DEFAULT;

        assertThat(parsed().config(usual.servedModelNames(), usual.maxModelLen()))
                .isEqualTo(usual);
    }

    static List<OptionSpec> options() {
        return new CommandLine(new RowRequestOptions()).getCommandSpec().options();
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyOptionIsPassedOn(OptionSpec option) throws IOException {
        String name = option.names()[0];
        assertThat(settings(name + "=" + otherValue(option))).as(name).isNotEqualTo(settings());
    }

    private static String otherValue(OptionSpec option) {
        String usual = Optional.ofNullable(option.defaultValue()).orElse("0");
        if (VALUES.containsKey(option.names()[0])) {
            return VALUES.get(option.names()[0]);
        }
        return option.paramLabel().equals("true|false") || usual.matches("true|false")
                ? "" + !Boolean.parseBoolean(usual)
                : "" + (Long.parseLong(usual) + 1);
    }

    private static PreprocessingSettings settings(String... options) throws IOException {
        return parsed(options).unopened(CHECKPOINT, "auto", new Configuration());
    }

    @Test
    void everyFieldOfSamplingIsAnOption() {
        Set<String> options = Arrays.stream(RequestFieldOptions.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(CommandLine.Option.class))
                .flatMap(field -> Arrays.stream(
                        field.getAnnotation(CommandLine.Option.class).names()))
                .collect(Collectors.toCollection(TreeSet::new));
        options.remove("--override-generation-config");
        assertThat(options)
                .containsExactlyInAnyOrderElementsOf(JobSampling.fields().stream()
                        .map(field -> "--" + field.replace('_', '-'))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--temperature=0                                         | {\"temperature\":0}",
                "--temperature=hot                                       | {\"temperature\":\"hot\"}",
                "--max-tokens=5                                          | {\"max_completion_tokens\":5}",
                "--stop=5                                                | {\"stop\":[\"5\"]}",
                "--stop=a,b --stop=[                                     | {\"stop\":[\"a,b\",\"[\"]}",
                "--stop=[\"a\",\"b\"]                                    | {\"stop\":[\"a\",\"b\"]}",
                "--stop-token-ids=5,6                                    | {\"stop_token_ids\":[5,6]}",
                "--stop-token-ids=[5,6]                                  | {\"stop_token_ids\":[5,6]}",
                "--logprobs --top-logprobs=2                             | {\"logprobs\":true,\"top_logprobs\":2}",
                "--override-generation-config={\"max_new_tokens\":5}     | {\"max_completion_tokens\":5}",
                "--override-generation-config={\"top_k\":5} --top-k=6    | {\"top_k\":6}",
            })
    void theValuesAreThoseOfARequest(String options, String expected) {
        assertThat(parsed(options.split(" "))
                        .config(List.of(), PreprocessingConfig.DEFAULT.maxModelLen())
                        .sampling())
                .isEqualTo(new JobSampling(expected));
    }

    @Test
    void takesTheBoundsOfPixelsAsVllmsUsersWriteThem() {
        assertThat(pixels("--mm-processor-kwargs={\"max_pixels\":602112}", "--min-pixels=784"))
                .isEqualTo(new PixelBounds(784, 602_112));
        assertThat(pixels("--mm-processor-kwargs={\"min_pixels\":3000,\"max_pixels\":4000}", "--max-pixels=784"))
                .isEqualTo(new PixelBounds(3000, 4000));
        assertThat(pixels("--mm-processor-kwargs={}")).isEqualTo(PixelBounds.IMAGE_DEFAULT);
        for (String json : List.of(
                "{\"fps\":1}", "{\"max_pixels\":\"many\"}", "{\"max_pixels\":1.5}", "[1]", "{", "max_pixels=1")) {
            assertThat(catchThrowable(() -> parsed("--mm-processor-kwargs=" + json)))
                    .hasMessageContaining("min_pixels")
                    .hasMessageEndingWith("found " + json);
        }
    }

    private static PixelBounds pixels(String... options) {
        return parsed(options)
                .config(List.of(), PreprocessingConfig.DEFAULT.maxModelLen())
                .imagePixels();
    }

    @Test
    void refusesOverridesThatARequestCouldNotHave() {
        for (String json : List.of("{\"temperatur\":1}", "{\"seed\":1}", "[1]", "temperature=1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parsed("--override-generation-config=" + json)
                            .config(List.of(), PreprocessingConfig.DEFAULT.maxModelLen()))
                    .withMessageContaining("--override-generation-config");
        }
    }

    static Stream<String> mediaCounts() {
        return Stream.of("image=3,video=1", "{\"image\":3,\"video\":{\"count\":1,\"num_frames\":8},\"audio\":0}");
    }

    @ParameterizedTest
    @MethodSource("mediaCounts")
    void readsMediaCountsInBothForms(String text) {
        assertThat(parsed("--limit-mm-per-prompt=" + text)
                        .config(List.of(), PreprocessingConfig.DEFAULT.maxModelLen())
                        .mediaPerPrompt())
                .isEqualTo(new MediaCounts(3, 1));
    }

    @ParameterizedTest
    @CsvSource({"2k,2000", "2K,2048", "25.6k,25600", "1m,1000000", "8192,8192", "-1,auto", "auto,auto"})
    void readsNumbersOfTokensAsVllmDoes(String written, String expected) {
        assertThat(new TokenCount.OrAuto().convert(written)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"half", "float16", "Float16"})
    void saysWhyThereIsNoFloat16(String dtype) {
        CommandLine line = new CommandLine(new EngineOptions());
        assertThat(catchThrowable(() -> line.parseArgs("--dtype", dtype)))
                .hasMessageContaining("float16 is not computed here");
    }

    private static RequestOptions parsed(String... options) {
        RequestOptions parsed = new RowRequestOptions();
        new CommandLine(parsed).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(options);
        return parsed;
    }
}
