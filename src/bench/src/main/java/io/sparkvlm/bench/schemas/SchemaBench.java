package io.sparkvlm.bench.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkvlm.grammar.automaton.TokenTrie;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes grammars of schemas that others wrote, lets a random walk through their masks answer, and has a validator judge the answers. */
@Command(
        name = "schemas",
        description =
                "Of JSON schemas in files, as JSONSchemaBench has them: how many are held, how many refused and why, whether"
                        + " answers are valid, and what grammars and masks take.")
public final class SchemaBench implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FOLDER", description = "All .json files below are schemas.")
    private List<Path> folders;

    @Option(
            names = "--vocabulary",
            required = true,
            description = "Tokens in base64, a line each, as qwen.tiktoken of the package dashscope has them")
    private Path vocabulary;

    @Option(names = "--answers", defaultValue = "3", description = "Of each schema. Default: ${DEFAULT-VALUE}")
    private int answers;

    @Option(
            names = "--every",
            defaultValue = "1",
            description = "Take each so manieth schema. Default: ${DEFAULT-VALUE}")
    private int every;

    @Option(names = "--files", description = "Print what became of each file")
    private boolean printsFiles;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        byte[][] tokens = tokens();
        SchemaTrial trial = new SchemaTrial(tokens, new TokenTrie(tokens, tokens.length), answers);
        SchemaTally all = new SchemaTally();
        out.println(SchemaTally.HEAD);
        for (Path folder : folders) {
            SchemaTally ofFolder = new SchemaTally();
            List<Path> files = files(folder);
            for (int i = 0; i < files.size(); i += every) {
                JsonNode schema = JSON.readTree(files.get(i).toFile());
                SchemaTrial.Result result = trial.of(schema, i);
                ofFolder.add(result);
                all.add(result);
                if (printsFiles) {
                    out.printf("%s: %s%n", files.get(i), result.said());
                }
            }
            out.println(ofFolder.line(folder.getFileName().toString()));
            out.flush();
        }
        out.println(all.line("all"));
        all.refusals().forEach(line -> out.println("  " + line));
        return all.isSound() ? 0 : 1;
    }

    private byte[][] tokens() throws IOException {
        try (Stream<String> lines = Files.lines(vocabulary)) {
            return lines.map(line -> Base64.getDecoder().decode(line.split(" ", 2)[0]))
                    .toArray(byte[][]::new);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
