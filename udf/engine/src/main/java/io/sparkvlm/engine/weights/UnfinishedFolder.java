package io.sparkvlm.engine.weights;

import io.sparkvlm.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is written beside its place, and is there when it is whole. What a process left that was killed is written anew:
 * its lock ended with it.
 */
public final class UnfinishedFolder implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path to;
    private final Path unfinished;
    private final FileChannel lock;

    private UnfinishedFolder(Path to, Path unfinished, FileChannel lock) {
        this.to = to;
        this.unfinished = unfinished;
        this.lock = lock;
    }

    /**
     * Begins one.
     *
     * @param to there is none yet
     * @throws CheckpointException where another process writes it, or something else has its name
     */
    public static UnfinishedFolder begin(Path to) throws IOException {
        Path unfinished = to.resolveSibling(to.getFileName() + ".part");
        if (Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(unfinished.resolve(LOCK))) {
            throw new CheckpointException(unfinished, "expected none, found one that no earlier call left: remove it");
        }
        Files.createDirectories(unfinished);
        FileChannel lock =
                FileChannel.open(unfinished.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(lock)) {
            lock.close();
            throw new CheckpointException(unfinished, "expected none, found one that another call is writing");
        }
        for (Path left : files(unfinished)) {
            if (!left.endsWith(LOCK)) {
                Files.delete(left);
            }
        }
        return new UnfinishedFolder(to, unfinished, lock);
    }

    private static boolean isTaken(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) { // this process has it
            return false;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Where to write until then. */
    public Path path() {
        return unfinished;
    }

    /** Puts the folder in its place. */
    public void finish() throws IOException {
        Files.delete(unfinished.resolve(LOCK));
        Files.move(unfinished, to);
    }

    /** Removes what was not finished. */
    @Override
    public void close() throws IOException {
        if (Files.exists(unfinished)) {
            for (Path file : files(unfinished)) {
                Files.delete(file);
            }
            Files.delete(unfinished);
        }
        lock.close();
    }
}
