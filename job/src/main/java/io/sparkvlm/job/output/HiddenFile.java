package io.sparkvlm.job.output;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads and writes the small files beside the rows, each of which is there as a whole or not at all. */
final class HiddenFile {
    private HiddenFile() {}

    static Optional<String> read(FileSystem system, Path file) throws IOException {
        try (InputStream stream = system.open(file)) {
            return Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Writes under another name first: a file of a local disk is there, and empty, before it is written. */
    static void write(FileSystem system, Path file, String text) throws IOException {
        Path unfinished = new Path(file.getParent(), OutputFolder.WORK + Path.SEPARATOR + file.getName());
        try (OutputStream stream = system.create(unfinished, true)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        system.delete(file, false);
        if (!system.rename(unfinished, file)) {
            throw new IOException("the file " + file + " could not be given its name");
        }
    }
}
