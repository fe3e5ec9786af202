package io.sparkvlm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkvlm.job.Main;
import io.sparkvlm.job.cli.flags.OptionDefaults;
import io.sparkvlm.torch.natives.LinearKernels;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before Spark starts: in one line, with exit code 2. */
final class MainTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String CHECKPOINT = "../src/test/resources/reference/tied/checkpoint";

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void writeInput() throws IOException {
        input = Files.writeString(folder.resolve("requests.jsonl"), "{}\n");
    }

    @Test
    void refusesAModelThatIsNotThere() {
        assertThat(refusal("--model", "no/such/model/at/all")).contains("no/such/model/at/all");
        assertThat(refusal("--model", folder.toString())).contains("config.json");
        assertThat(refusal("--model", "NoSuchOrg/NoSuchModel")).contains("hf download NoSuchOrg/NoSuchModel");
    }

    @Test
    void refusesAModelWhoseWeightsAreMissingOrDamaged() throws IOException {
        Path model = copyOfTheCheckpoint();
        Files.delete(model.resolve(WEIGHTS));
        assertThat(refusal("--model", model.toString())).contains(WEIGHTS);
        byte[] weights = Files.readAllBytes(Path.of(CHECKPOINT, WEIGHTS));
        Files.write(model.resolve(WEIGHTS), Arrays.copyOf(weights, weights.length - 1));
        assertThat(refusal("--model", model.toString())).contains(WEIGHTS);
        Files.writeString(model.resolve(WEIGHTS), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        assertThat(refusal("--model", model.toString())).contains(WEIGHTS).contains("git lfs pull");
    }

    @Test
    void refusesAModelThatIsQuantizedInAWayThatIsNotRead() throws IOException {
        Path model = copyOfTheCheckpoint();
        String config = Files.readString(model.resolve("config.json"));
        String quantized = "{\"quantization_config\": {\"quant_method\": \"%s\", \"bits\": 4, \"group_size\": -1},";
        Files.writeString(
                model.resolve("config.json"), config.replaceFirst("\\{", quantized.formatted("bitsandbytes")));
        assertThat(refusal("--model", model.toString()))
                .contains("config.json")
                .contains("quantization_config to be of gptq or awq")
                .contains("bitsandbytes");
        Files.writeString(model.resolve("config.json"), config.replaceFirst("\\{", quantized.formatted("gptq")));
        assertThat(refusal("--model", model.toString(), "--quantization", "a16w8"))
                .contains("--quantization a16w8")
                .contains("leave --quantization out");
    }

    private Path copyOfTheCheckpoint() throws IOException {
        Path model = folder.resolve("model");
        FileUtils.copyDirectory(new File(CHECKPOINT), model.toFile());
        return model;
    }

    @Test
    void refusesAModelWhoseWeightsAreNotThoseOfItsConfig() throws IOException {
        Path model = copyOfTheCheckpoint();
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(model.resolve("config.json"), config.replaceFirst("(\"num_hidden_layers\": )\\d+", "$117"));
        assertThat(refusal("--model", model.toString()))
                .contains("is the first that is missing")
                .contains("model.layers.");
        Files.writeString(model.resolve("config.json"), config.replaceFirst("(\"intermediate_size\": )\\d+", "$17"));
        assertThat(refusal("--model", model.toString()))
                .contains("mlp.gate_proj.weight: expected shape [7, ")
                .contains("found [");
    }

    @Test
    void prepacksACheckpointOnceForAll() throws IOException {
        Path output = folder.resolve("prepacked");
        String[] command = {"prepack", "--model", CHECKPOINT, "--output", output.toString(), "-q", "a8w8"};
        int expected = LinearKernels.areThere() ? ExitCode.DONE.code() : ExitCode.REFUSED.code();
        assertThat(RootCommand.run(command)).isEqualTo(expected);
        assumeTrue(LinearKernels.areThere(), "no kernels on this machine");
        assertThat(output.resolve("model.safetensors.index.json")).exists();
        assertThat(refusal("--model", output.toString(), "--dtype", "float32"))
                .contains("expected --device cpu and --dtype bfloat16");
        assertThat(RootCommand.run(command)).isEqualTo(ExitCode.REFUSED.code());
    }

    @Test
    void refusesRanksThatTheModelOrTheDeviceCannotHave() {
        assertThat(refusal("--tensor-parallel-size", "5"))
                .contains("expected tensor-parallel-size 5 to divide num_attention_heads");
        assertThat(refusal("--tensor-parallel-size", "0")).contains("tensor-parallel-size of at least 1");
        assertThat(refusal("-tp", "2", "--device", "cuda:1")).contains("cuda:1, which is one GPU");
    }

    @Test
    void refusesAnInputThatIsNotThereOrHasNoFormat() throws IOException {
        assertThat(refusal("--input", folder.resolve("nothing").toString())).contains("nothing is not there");
        Path text = Files.writeString(folder.resolve("requests.txt"), "{}\n");
        assertThat(refusal("--input", text.toString())).contains("requests.txt").contains("--input-format");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(refusal("--input", empty.toString())).contains("found none");
    }

    @Test
    void namesTheOptionThatIsMisspelt() {
        assertThat(refusal("--tempratur=0"))
                .contains("unknown argument \"--tempratur=0\"; the nearest is \"--temperature\"");
        assertThat(err("generate", "--model", CHECKPOINT, "--input", input.toString(), "--ouput=answers"))
                .contains("unknown argument \"--ouput\"; the nearest is \"--output\"");
        assertThat(err("generate", "--model", CHECKPOINT)).contains("expected --output=PATH, which must be given");
    }

    @Test
    void refusesAnOutputThatCannotBeMade() {
        assertThat(refusal("--output", input.resolve("answers").toString()))
                .contains("cannot be made")
                .contains("not a directory");
    }

    @Test
    void refusesAnOutputThatIsNotEmpty() throws IOException {
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.createFile(full.resolve("notes.txt"));
        assertThat(refusal("--output", full.toString())).contains("full is there already");
    }

    @Test
    void refusesValuesOutOfTheirRange() {
        assertThat(refusal("--dtype", "float17"))
                .contains("bfloat16 or float32")
                .contains("float17");
        assertThat(refusal("--device", "tpu")).contains("cuda:N");
        assertThat(refusal("--max-num-seqs", "0")).contains("max-num-seqs");
        assertThat(refusal("--max-num-seqs", "many")).contains("many");
        assertThat(refusal("--max-model-len", "0")).contains("max-model-len");
        assertThat(refusal("--kv-cache-memory-bytes", "much")).contains("much");
        assertThat(refusal("--max-error-fraction", "1.5")).contains("max-error-fraction");
        assertThat(refusal("--limit", "0")).contains("--limit");
        assertThat(refusal("--limit-mm-per-prompt", "images=1")).contains("\"image\"");
        assertThat(refusal("--limit-mm-per-prompt", "image=many")).contains("many");
        assertThat(refusal("--limit-mm-per-prompt", "image")).contains("image");
        assertThat(refusal("--limit-mm-per-prompt", "image=-1")).contains("limit-mm-per-prompt");
        assertThat(refusal("--generation-config", "a/folder")).contains("a/folder");
        assertThat(refusal("--temperature", "3"))
                .contains("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3");
        assertThat(refusal("--override-generation-config", "{\"top_p\":\"high\"}"))
                .contains("Invalid type for 'top_p'");
        assertThat(refusal("--stop-token-ids", "99999999")).contains("stop_token_ids[0]");
        assertThat(refusal("--max-pixels", "0")).contains("max-pixels");
        assertThat(refusal("--max-pixels", "12845057")).contains("max-pixels");
        assertThat(refusal("--max-image-bytes", "0")).contains("max-image-bytes");
        assertThat(refusal("--max-image-pixels", "0")).contains("max-image-pixels");
        assertThat(refusal("--max-video-bytes", "-1")).contains("max-video-bytes");
        assertThat(refusal("--media-decode-timeout", "0")).contains("media-decode-timeout");
        assertThat(refusal("--strict", "perhaps")).contains("perhaps");
        assertThat(refusal("--max-model-len", "99999999")).contains("max-model-len");
        assertThat(refusal("--conf", "novalue")).contains("--conf");
        assertThat(refusal("--min-pixels", "100", "--max-pixels", "99")).contains("min-pixels");
        assertThat(refusal("--output-format", "csv")).contains("openai-batch").contains("csv");
        assertThat(refusal("--input-format", "csv")).contains("csv");
        assertThat(refusal("--allowed-media-domains", "https://example.org"))
                .contains("allowed-media-domains")
                .contains("https://example.org");
        assertThat(refusal("--allowed-media-cidrs", "10.0.0.0/99")).contains("allowed-media-cidrs");
        assertThat(refusal("--allowed-media-roots", "file:///data")).contains("allowed-media-roots");
        assertThat(refusal("--allowed-media-roots", "nosuch://store/data")).contains("nosuch");
        assertThat(refusal("--media-timeout", "0")).contains("media-timeout");
    }

    @Test
    void refusesAFolderForTheDemoThatItDidNotMake() {
        assertThat(err("demo", "--folder", folder.toString()))
                .contains("not made by the demo")
                .contains("--folder");
        assertThat(err("demo", "--folder", input.toString())).contains("requests.jsonl is in their way");
        assertThat(input).exists();
    }

    @Test
    void refusesAMasterThatIsNone() {
        assertThat(refusal("--master", "nonsense"))
                .contains("Spark does not start")
                .contains("nonsense");
    }

    @Test
    void refusesAnUnknownOptionAndNamesTheNearest() {
        assertThat(refusal("--max-num-seq", "3")).contains("\"--max-num-seq\"").contains("\"--max-num-seqs\"");
        assertThat(refusal("--beam-width", "3")).contains("\"--beam-width\"").doesNotContain("nearest");
        assertThat(refusal("--conf", "spark.sparkvlm.sed=3")).contains("\"spark.sparkvlm.seed\"");
    }

    @Test
    void refusesAFlagOfVllmByItsNameWithTheReason() {
        assertThat(refusal("--quantization", "awq"))
                .contains("none, a16w8, a16w4, a8w8")
                .contains("\"awq\"");
        assertThat(refusal("--lora-modules", "a=b")).contains("--lora-modules").contains("LoRA adapters");
        assertThat(refusal("--pipeline_parallel_size", "2"))
                .contains("expected --pipeline-parallel-size as 1, found \"2\"");
    }

    @Test
    void refusesACommandLineWithoutWhatItNeeds() {
        assertThat(err("generate")).contains("--model");
        assertThat(err("generat")).contains("\"generat\"").contains("\"generate\"");
        assertThat(err()).contains("command");
    }

    @Test
    void printsItsHelpWithoutACommand() {
        StringWriter out = new StringWriter();
        int code = RootCommand.commandLine().setOut(new PrintWriter(out)).execute();
        assertThat(code).isEqualTo(2);
        assertThat(out.toString()).contains("Usage: sparkvlm", "generate", "prepare", "demo", "show");
    }

    @Test
    void listsItsOptionsInGroups() {
        assertThat(help("generate"))
                .containsSubsequence(
                        "\nInput:\n",
                        "--input",
                        "\nOutput:\n",
                        "--output",
                        "\nModel and engine:\n",
                        "--model",
                        "--dtype",
                        "\nMedia safety:\n",
                        "--allowed-local-media-path",
                        "\nSampling and limits:\n",
                        "--seed",
                        "\nSpark:\n",
                        "--master",
                        "\nHelp:\n",
                        "--version");
        assertThat(help("prepare"))
                .containsSubsequence(
                        "\nInput:\n",
                        "\nOutput:\n",
                        "\nModel and engine:\n",
                        "\nMedia safety:\n",
                        "\nSampling and limits:\n",
                        "\nSpark:\n",
                        "\nHelp:\n")
                .doesNotContain("--dtype");
        // Whatever has no group would stand between the description and the first group.
        for (String command : List.of("generate", "prepare", "demo")) {
            assertThat(help(command).split("\\R\\w[\\w ]*:\\R", 2)[0])
                    .as(command)
                    .doesNotContain("\n      --");
        }
    }

    private static String help(String command) {
        return RootCommand.commandLine()
                .getSubcommands()
                .get(command)
                .getUsageMessage()
                .replace(System.lineSeparator(), "\n");
    }

    @Test
    void saysItsVersionAndItsOptions() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run("--version")).isZero();
            assertThat(Main.run("generate", "--help")).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("sparkvlm \\d+\\.\\d+\\.\\d+")
                .contains(
                        OptionDefaults.keys(RootCommand.commandLine()
                                        .getSubcommands()
                                        .get("generate")
                                        .getCommandSpec())
                                .stream()
                                .map(key -> "--" + key)
                                .toArray(String[]::new));
    }

    /** The good options, with the given ones in their places. */
    private String refusal(String... changed) {
        List<String> args = new ArrayList<>(List.of("generate"));
        List<String> given = List.of(changed);
        for (List<String> option : List.of(
                List.of("--model", CHECKPOINT),
                List.of("--input", input.toString()),
                List.of("--output", folder.resolve("output").toString()))) {
            if (!given.contains(option.get(0))) {
                args.addAll(option);
            }
        }
        args.addAll(given);
        return err(args.toArray(String[]::new));
    }

    private static String err(String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(args)).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        String text = err.toString(StandardCharsets.UTF_8);
        assertThat(text.lines()).hasSize(1);
        return text;
    }
}
