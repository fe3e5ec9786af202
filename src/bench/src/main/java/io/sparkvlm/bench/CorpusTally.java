package io.sparkvlm.bench;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.api.Rejection;
import io.sparkvlm.api.Rejection.Code;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.preprocessing.RequestRow;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.ImageInspector;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.media.RgbImage;
import io.sparkvlm.preprocessing.media.isolation.DecoderPlace;
import io.sparkvlm.preprocessing.media.isolation.ImageRequest;
import io.sparkvlm.preprocessing.media.isolation.MediaDecoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What became of a corpus's rows, and where does that differ from Pillow? */
final class CorpusTally {
    private static final String ANSWERED = "(answered)";

    private final PillowPictures pictures;
    private final Optional<PrintWriter> rowsOut;
    private final ImageInspector inspector = new ImageInspector(MediaLimits.DEFAULT);
    private final MediaDecoder decoder;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> thrown = new ArrayList<>();
    private int rows;
    private int equalPictures;
    private long slowestNanos;
    private String slowest = "none";

    CorpusTally(PillowPictures pictures, Optional<PrintWriter> rowsOut) throws IOException {
        this.pictures = pictures;
        this.rowsOut = rowsOut;
        this.decoder = DecoderPlace.THIS_PROCESS.open(MediaLimits.DEFAULT);
    }

    void take(Path file, byte[] bytes, Preprocessor preprocessor, RequestRow row) {
        rows++;
        long start = System.nanoTime();
        try {
            Outcome<ReadyRequest> outcome = preprocessor.encode(preprocessor.prepare(row));
            long nanos = System.nanoTime() - start;
            if (nanos > slowestNanos) {
                slowestNanos = nanos;
                slowest = file.toString();
            }
            String code = outcome.fold(
                    ready -> ANSWERED, rejection -> rejection.code().wireName());
            outcomes.merge(code, 1, Integer::sum);
            rowsOut.ifPresent(out -> out.println(
                    file + "\t" + code + "\t" + outcome.fold(ready -> "", rejection -> rejection.message())));
            pictures.of(file).ifPresent(expected -> compare(file, bytes, outcome, expected));
        } catch (RuntimeException | Error e) {
            thrown.add(file + ": " + e);
        }
    }

    /** A line that is not text, which the job refuses as invalid_json_line. */
    void notUtf8() {
        rows++;
        outcomes.merge(Code.INVALID_JSON_LINE.wireName() + ", not UTF-8", 1, Integer::sum);
    }

    private void compare(Path file, byte[] bytes, Outcome<ReadyRequest> outcome, String expected) {
        boolean pillowFails = expected.startsWith("error");
        String found = outcome.fold(ready -> pixels(bytes), CorpusTally::refusal);
        if (pillowFails ? found.startsWith("error") : found.equals(expected)) {
            equalPictures++;
        } else {
            differences.add(
                    file + "\n    Pillow " + expected.replace('\t', ' ') + "\n    here   " + found.replace('\t', ' '));
        }
    }

    private static String refusal(Rejection rejection) {
        return "error\t" + rejection.code().wireName() + ": " + rejection.message();
    }

    private String pixels(byte[] bytes) {
        MediaReference reference = new MediaReference("column:file", MediaKind.IMAGE, "file");
        List<String> digests = new ArrayList<>();
        return inspector
                .inspect(new FetchedFile(bytes, "file"), reference)
                .flatMap(image ->
                        decoder.decode(ImageRequest.of(image), reference, picture -> digests.add(digest(picture))))
                .fold(pictures -> digests.get(0), CorpusTally::refusal);
    }

    private static String digest(RgbImage image) {
        try {
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(image.rgb()));
            return image.width() + "\t" + image.height() + "\t" + sha256;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether each row has one outcome, and none of them says that the program is at fault. */
    boolean sound() {
        return thrown.isEmpty() && withoutOutcome() == 0 && !outcomes.containsKey(Code.SERVER_ERROR.wireName());
    }

    private int withoutOutcome() {
        return rows - outcomes.values().stream().mapToInt(Integer::intValue).sum();
    }

    void print(Path folder, PrintWriter out) throws IOException {
        out.println(folder + ": " + rows + " rows");
        outcomes.forEach((code, count) -> out.printf("  %-44s %7d%n", code, count));
        out.printf("  %-44s %7d%n", "rows without exactly one outcome", withoutOutcome());
        out.printf("  %-44s %7d%n", "exceptions", thrown.size());
        thrown.forEach(line -> out.println("    " + line));
        out.printf("  %-44s %7.0f ms  %s%n", "slowest", slowestNanos / 1e6, slowest);
        out.printf("  %-44s %7d MiB%n", "most memory of the process so far", peakKib() >> 10);
        if (equalPictures + differences.size() > 0) {
            out.printf("  %-44s %7d%n", "as Pillow: equal pixels, or refused by both", equalPictures);
            out.printf("  %-44s %7d%n", "not as Pillow", differences.size());
            differences.forEach(line -> out.println("  " + line));
        }
    }

    /** Linux: the most memory that this process ever had. */
    private static long peakKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
