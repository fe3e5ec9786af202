package io.sparkvlm.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sparkvlm.preprocessing.PreprocessingConfig;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.decode.DecoderIsolation;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts the JPEGs that become patches in a second of one core, beside transformers' fast image processor. */
@Command(
        name = "preprocessing",
        description = "JPEGs to patches: images a second of processor time, in turn with transformers' fast processor.")
final class PreprocessingBench implements Callable<Integer> {
    private static final Map<String, Integer> PICTURES_A_ROUND = Map.of("1024x768", 48, "4000x3000", 8);
    /** Until the compiler has done with what runs often; an executor runs for hours. */
    private static final double WARM_UP_SECONDS = 15;

    private static final List<String> SIZES = List.of("1024x768", "4000x3000");

    private static final String BODY =
            """
            {"messages": [{"role": "user", "content": [
              {"type": "image_url", "image_url": {"url": "column:file"}}]}]}
            """;

    /** The clock counts this process alone; what isolation costs is the decoding command's question. */
    private static final PreprocessingConfig IN_PROCESS =
            PreprocessingConfig.DEFAULT.withDecoderIsolation(DecoderIsolation.THIS_PROCESS);

    /** A JPEG's start-of-image marker, and a comment with room for a number: marker, length, four bytes. */
    private static final int START_BYTES = 2;

    private static final byte[] COMMENT = {(byte) 0xFF, (byte) 0xFE, 0, 6, 0, 0, 0, 0};
    private static final int NUMBER_AT = 4;

    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Spec
    private CommandSpec spec;

    @Parameters(description = "Has the folders 1024x768 and 4000x3000; the peer makes them where there are none")
    private Path folder;

    @Option(
            names = "--peer",
            description = "A Python with torch, torchvision, transformers and pillow; none: only our side is measured")
    private Optional<String> python = Optional.empty();

    @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}")
    private int rounds;

    private int filesMade;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        torch.set_num_threads(1);
        try (Preprocessor preprocessor = Preprocessor.open(Checkout.smallCheckpoint(), IN_PROCESS)) {
            if (python.isPresent()) {
                try (Peer peer = Peer.start(python.get(), folder)) {
                    for (String size : SIZES) {
                        measure(size, preprocessor, Optional.of(peer), out);
                    }
                }
            } else {
                for (String size : SIZES) {
                    measure(size, preprocessor, Optional.empty(), out);
                }
            }
        }
        return 0;
    }

    private void measure(String size, Preprocessor preprocessor, Optional<Peer> peer, PrintWriter out)
            throws IOException {
        List<byte[]> files = files(folder.resolve(size));
        int pictures = PICTURES_A_ROUND.get(size);
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        if (peer.isPresent()) {
            peer.get().rate(size, pictures);
        }
        long start = machine.getProcessCpuTime();
        while (machine.getProcessCpuTime() - start < WARM_UP_SECONDS * 1e9) {
            rate(files, pictures, preprocessor);
        }
        for (int round = 0; round < rounds; round++) {
            ours.add(rate(files, pictures, preprocessor));
            theirs.add(peer.isPresent() ? peer.get().rate(size, pictures) : Double.NaN);
        }
        out.printf(
                "%-10s %7.1f images a core-second, medians of %d rounds; transformers %7.1f; ratio %.2f%n",
                size, median(ours), rounds, median(theirs), median(ours) / median(theirs));
        out.flush();
    }

    private double rate(List<byte[]> files, int pictures, Preprocessor preprocessor) {
        long start = machine.getProcessCpuTime();
        for (int i = 0; i < pictures; i++) {
            byte[] file = unlikeAnyOther(files.get(i % files.size()));
            RequestRow row = new RequestRow("row", Optional.empty(), BODY, new BinaryColumns(Map.of("file", file)));
            ReadyRequest ready = preprocessor.encode(preprocessor.prepare(row)).fold(value -> value, rejection -> {
                throw new IllegalStateException(rejection.message());
            });
            if (ready.task().prompt().vision().get(0).patches().length == 0) {
                throw new IllegalStateException("expected patches, found none");
            }
        }
        return pictures * 1e9 / (machine.getProcessCpuTime() - start);
    }

    /** The same picture in a file of other bytes: one that was seen before would not be decoded again. */
    private byte[] unlikeAnyOther(byte[] jpeg) {
        return ByteBuffer.allocate(jpeg.length + COMMENT.length)
                .put(jpeg, 0, START_BYTES)
                .put(COMMENT)
                .put(jpeg, START_BYTES, jpeg.length - START_BYTES)
                .putInt(START_BYTES + NUMBER_AT, filesMade++)
                .array();
    }

    private static List<byte[]> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            List<byte[]> files = new ArrayList<>();
            for (Path path : paths.sorted().toList()) {
                files.add(Files.readAllBytes(path));
            }
            return files;
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
