package io.sparkvlm.bench.corpus;

import io.sparkvlm.outcome.EngineCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.RequestCode;
import io.sparkvlm.preprocessing.Preprocessor;
import io.sparkvlm.preprocessing.ReadyRequest;
import io.sparkvlm.preprocessing.RequestRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Counts what became of a corpus's rows, and where that differs from what Pillow or PyAV makes of its files. */
final class CorpusTally {
    private static final String ANSWERED = "(answered)";

    private final ExpectedPictures expected;
    private final CorpusDecoder decoder;
    private final Optional<PrintWriter> rowsOut;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<String> unequal = new ArrayList<>();
    private final List<String> onlyHere = new ArrayList<>();
    private final List<String> onlyThere = new ArrayList<>();
    private final List<String> thrown = new ArrayList<>();
    private int rows;
    private int equal;
    private int inNeither;
    private long slowestNanos;
    private String slowest = "none";

    CorpusTally(ExpectedPictures expected, CorpusDecoder decoder, Optional<PrintWriter> rowsOut) {
        this.expected = expected;
        this.decoder = decoder;
        this.rowsOut = rowsOut;
    }

    void take(Path file, Preprocessor preprocessor, RequestRow row) {
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
        } catch (RuntimeException | Error e) {
            thrown.add(file + ": " + e);
        }
    }

    /** A line that is not text, which the job refuses as invalid_json_line. */
    void notUtf8() {
        rows++;
        outcomes.merge(RequestCode.INVALID_JSON_LINE.wireName() + ", not UTF-8", 1, Integer::sum);
    }

    /** Compares what is decoded with what a script said of the file, if it did. */
    void compare(Path file, Function<CorpusDecoder, DecodedPictures> decode) {
        expected.of(file).ifPresent(there -> compare(file, decode.apply(decoder), there));
    }

    private void compare(Path file, DecodedPictures here, DecodedPictures there) {
        if (here.isNone() && there.isNone()) {
            inNeither++;
        } else if (there.isNone()) {
            onlyHere.add(file + "\n    there " + there.size());
        } else if (here.isNone()) {
            onlyThere.add(file + "\n    here " + here.size());
        } else {
            here.differenceFrom(there)
                    .ifPresentOrElse(difference -> unequal.add(file + "\n    " + difference), () -> equal++);
        }
    }

    /** Whether each row has one outcome, and none of them says that the program is at fault. */
    boolean sound() {
        return thrown.isEmpty() && withoutOutcome() == 0 && !outcomes.containsKey(EngineCode.SERVER_ERROR.wireName());
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
        if (equal + inNeither + unequal.size() + onlyHere.size() + onlyThere.size() > 0) {
            out.println("beside what was expected (there):");
            out.printf("  %-44s %7d%n", "equal pictures", equal);
            out.printf("  %-44s %7d%n", "refused by both", inNeither);
            print("unequal pictures", unequal, out);
            print("decoded here, refused there", onlyHere, out);
            print("refused here, decoded there", onlyThere, out);
        }
    }

    private static void print(String name, List<String> files, PrintWriter out) {
        out.printf("  %-44s %7d%n", name, files.size());
        files.forEach(file -> out.println("  " + file));
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
