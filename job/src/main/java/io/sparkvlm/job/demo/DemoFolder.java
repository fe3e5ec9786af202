package io.sparkvlm.job.demo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that the demo works in: one that it made or found empty, or an earlier demo's, whose files it replaces.
 * It deletes nothing else.
 */
public record DemoFolder(Path path) {
    /** Says whose the folder is; written first, so that a demo that was killed can be run again. */
    private static final String MARK = ".sparkvlm-demo";
    /** What Spark and the job call the files of a table, and what a killed job left. */
    private static final Pattern OF_A_TABLE = Pattern.compile(
            "\\.?(part-.*\\.parquet|_SUCCESS|_sparkvlm(_starts)?\\.json)(\\.crc)?|_sparkvlm|_temporary");

    /**
     * Makes the folder ready for a run.
     *
     * @throws IOException whose message is a sentence for the user, when the folder is not the demo's or cannot be written
     */
    public static DemoFolder prepare(Path path) throws IOException {
        return prepare(path, DemoFiles.embedded());
    }

    static DemoFolder prepare(Path path, DemoFiles files) throws IOException {
        DemoFolder folder = new DemoFolder(path.toAbsolutePath().normalize());
        try {
            folder.requireOwn();
            Files.createDirectories(folder.path);
            Files.writeString(folder.path.resolve(MARK), "sparkvlm demo replaces its own files in this folder.\n");
            folder.discardOutput();
            files.unpack(folder.path);
        } catch (FileSystemException e) {
            throw new IOException("the demo's files cannot be written: " + reason(e), e);
        }
        return folder;
    }

    public Path model() {
        return path.resolve("model");
    }

    public Path requests() {
        return path.resolve("requests.jsonl");
    }

    /** Where the job writes its table. */
    public Path output() {
        return path.resolve("output");
    }

    private void requireOwn() throws IOException {
        if (Files.isDirectory(path)
                && Files.notExists(path.resolve(MARK))
                && !children(path).isEmpty()) {
            throw new IOException("the folder " + path + " is there already, not empty and not made by the demo");
        }
        Optional<Path> foreign = children(output()).stream()
                .filter(file ->
                        !OF_A_TABLE.matcher(file.getFileName().toString()).matches())
                .findFirst();
        if (foreign.isPresent()) {
            throw new IOException("expected nothing but the last demo's answers in " + output() + ", found "
                    + foreign.get().getFileName() + ": move it away");
        }
    }

    private void discardOutput() throws IOException {
        for (Path file : children(output())) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return e.getFile() + ": permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getFile() + " is in their way";
        }
        return e.getReason() == null ? e.getFile() + " cannot be made" : e.getMessage();
    }
}
