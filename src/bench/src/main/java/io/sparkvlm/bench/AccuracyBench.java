package io.sparkvlm.bench;

import io.sparkvlm.job.Main;
import io.sparkvlm.job.demo.AnswerKey;
import io.sparkvlm.job.demo.DemoAnswer;
import io.sparkvlm.job.demo.DemoFolder;
import io.sparkvlm.job.demo.DemoScore;
import io.sparkvlm.job.demo.DemoScore.ScoredAnswer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts how often the embedded model is right. Asks it through the job that users run. */
@Command(name = "accuracy", description = "Right answers by kind of question, through sparkvlm generate.")
final class AccuracyBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "REQUESTS", description = "The folder that src/demo-model/make_requests.py wrote")
    private Path requests;

    @Option(names = "--model", description = "Another checkpoint than the one inside the job")
    private Optional<Path> model = Optional.empty();

    @Option(
            names = "--dtype",
            split = ",",
            defaultValue = "bfloat16,float32",
            description = "A run each. Default: ${DEFAULT-VALUE}")
    private List<String> dtypes;

    @Option(names = "--misses", description = "Print the wrong answers too")
    private boolean misses;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        AnswerKey key = AnswerKey.read(requests);
        Path work = Files.createTempDirectory("sparkvlm-accuracy");
        Path checkpoint = model.isPresent()
                ? model.get()
                : DemoFolder.prepare(work.resolve("demo")).model();
        Map<String, DemoScore> runs = new LinkedHashMap<>();
        for (String dtype : dtypes) {
            Path output = work.resolve(dtype);
            int exitCode = Main.run(
                    "generate",
                    "--model",
                    checkpoint.toString(),
                    "--dtype",
                    dtype,
                    "--input",
                    requests.resolve("requests.jsonl").toString(),
                    "--allowed-local-media-path",
                    requests.toString(),
                    "--output",
                    output.toString());
            if (exitCode != 0) {
                return exitCode;
            }
            runs.put(dtype, DemoScore.of(key, answers(output)));
        }
        out.printf("%n%s", new AccuracyTable(runs).text());
        if (misses) {
            runs.forEach((dtype, marks) -> marks.answers().stream()
                    .filter(answer -> !answer.right())
                    .forEach(answer -> out.printf("%n%s", miss(dtype, answer))));
        }
        out.flush();
        return 0;
    }

    private static Map<String, DemoAnswer> answers(Path output) {
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            return DemoAnswer.readAll(spark.read().parquet(output.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String miss(String dtype, ScoredAnswer answer) {
        return String.format(
                "%s, %s (%s): %s%n  expected %s%n  found    %s%n",
                answer.asked().customId(),
                dtype,
                answer.asked().kind(),
                answer.asked().question().text(),
                answer.asked().answer(),
                answer.found().text().orElseGet(() -> answer.found().refusal().toString()));
    }
}
