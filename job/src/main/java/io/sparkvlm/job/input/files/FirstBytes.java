package io.sparkvlm.job.input.files;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.PathText;
import io.sparkvlm.job.text.RootCause;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Looks at how the files of an input begin, so that a file of another kind is one line and not an error in every row. */
public final class FirstBytes {
    /** Of the text: the first request of many files, pictures in base64 apart. */
    private static final int TEXT_BYTES = 64 << 10;

    private static final int MAGIC_BYTES = 64;

    /** Files that are opened at once: stores of objects take tens of milliseconds for each. */
    private static final int THREADS = 16;

    private static final Map<String, String> PACKED =
            Map.of(".gz", "\u001f\u008b", ".bz2", "BZh", ".zst", "(\u00b5/\u00fd");

    private final Configuration hadoop;

    private FirstBytes(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /**
     * Looks at all files.
     *
     * @throws JobRefusedException naming the first that is not what the format says, and what it is
     */
    public static void check(RequestFiles files, Configuration hadoop) throws JobRefusedException {
        FirstBytes bytes = new FirstBytes(TextCodecs.in(hadoop));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Optional<String>>> faults = files.files().stream()
                    .filter(file -> file.getLen() > 0)
                    .map(file -> threads.submit(() -> bytes.fault(file, files.format())))
                    .toList();
            for (Future<Optional<String>> fault : faults) {
                if (fault.get().isPresent()) {
                    throw new JobRefusedException(fault.get().get());
                }
            }
        } catch (ExecutionException e) {
            throw new JobRefusedException("the input cannot be read: " + RootCause.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobRefusedException("interrupted while the input was looked at", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Optional<String> fault(FileStatus status, InputFormat format) throws IOException {
        Path file = status.getPath();
        byte[] start;
        try (InputStream stream = file.getFileSystem(hadoop).open(file)) {
            start = stream.readNBytes(MAGIC_BYTES);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            return Optional.of(named(file, "cannot be read: " + RootCause.of(e)));
        }
        return foreign(start, format, file.getName().toLowerCase(Locale.ROOT))
                .or(() -> format == InputFormat.PARQUET ? Optional.empty() : ofText(file))
                .map(fault -> named(file, fault));
    }

    private static Optional<String> foreign(byte[] start, InputFormat format, String name) {
        if (startsWith(start, "version https://git-lfs")) {
            return Optional.of("is a Git LFS pointer and not the file itself: fetch it with \"git lfs pull\"");
        }
        if (format == InputFormat.PARQUET) {
            return Optional.empty(); // its footer tells
        }
        for (Map.Entry<String, String> packed : PACKED.entrySet()) {
            boolean named = name.endsWith(packed.getKey());
            // A frame that zstd skips may come first, and begins otherwise.
            boolean is = startsWith(start, packed.getValue()) || (named && startsWith(start, "*M\u0018", 1));
            if (named && !is) {
                return Optional.of("does not hold what its name says: expected " + packed.getKey()
                        + ", found other bytes; without that ending it is read as it stands");
            }
            if (is && !named) {
                return Optional.of("is packed, and its name does not say so: expected it to end in " + packed.getKey());
            }
        }
        if (startsWith(start, "PAR1")) {
            return Optional.of("is a Parquet file, expected JSON lines: see --input-format");
        }
        return Optional.empty();
    }

    private Optional<String> ofText(Path file) {
        try (InputStream text = TextCodecs.open(file, hadoop)) {
            return LineLayout.fault(text.readNBytes(TEXT_BYTES));
        } catch (IOException | RuntimeException e) {
            return Optional.of("cannot be read: " + RootCause.of(e));
        }
    }

    private static String named(Path file, String fault) {
        return "the input's file " + PathText.of(file) + " " + fault;
    }

    private static boolean startsWith(byte[] bytes, String magic) {
        return startsWith(bytes, magic, 0);
    }

    private static boolean startsWith(byte[] bytes, String magic, int at) {
        for (int i = 0; i < magic.length(); i++) {
            if (bytes.length <= at + i || (bytes[at + i] & 0xff) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
