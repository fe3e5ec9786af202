package io.sparkvlm.bench.corpus;

import io.sparkvlm.bench.Checkout;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends files that strangers made through the preprocessing. Each is a row of its own and takes the way that a job's rows take. */
@Command(
        name = "corpus",
        description = "Runs folders of files through the preprocessing, and says what became of each.")
public final class CorpusBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FOLDER", description = "All files below are taken.")
    private List<Path> folders;

    @Option(
            names = "--as",
            defaultValue = "IMAGE",
            description =
                    "What a file is: IMAGE or VIDEO of a request, LINE (a request itself) or TEXT (each of its lines"
                            + " is what a user writes). Default: ${DEFAULT-VALUE}")
    private CorpusRow row;

    @Option(
            names = "--expected",
            description = "What Pillow or PyAV makes of the files: the output of src/bench/python/picture_digests.py"
                    + " or frame_digests.py")
    private Optional<Path> expected = Optional.empty();

    @Option(names = "--model", description = "A checkpoint, for its tokenizer. Default: ${DEFAULT-VALUE}")
    private Path model = Checkout.smallCheckpoint();

    @Option(names = "--rows", description = "Print each row's outcome")
    private boolean printsRows;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ExpectedPictures pictures =
                expected.isPresent() ? ExpectedPictures.read(expected.get()) : ExpectedPictures.NONE;
        CorpusDecoder decoder = new CorpusDecoder();
        boolean sound = true;
        try (Preprocessor preprocessor = Preprocessor.open(model, PreprocessingConfig.DEFAULT)) {
            for (Path folder : folders) {
                CorpusTally tally =
                        new CorpusTally(pictures, decoder, printsRows ? Optional.of(out) : Optional.empty());
                for (Path file : files(folder)) {
                    row.take(file, preprocessor, tally);
                }
                tally.print(folder, out);
                out.flush();
                sound &= tally.sound();
            }
        }
        return sound ? 0 : 1;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.toRealPath())) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
