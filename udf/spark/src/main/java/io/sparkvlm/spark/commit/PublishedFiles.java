package io.sparkvlm.spark.commit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Moves files from a hidden folder of this start to the table. A file keeps its name, which no other start and no other
 * attempt gives, so that nothing is ever replaced.
 *
 * @param work the folder that tasks write to
 */
public record PublishedFiles(FileSystem system, Path table, Path work, Ownership ownership) {
    private static final int TRIES = 6;
    private static final long FIRST_PAUSE_MILLIS = 50;

    /** Whether a file of that name in a table's folder holds rows. */
    public static boolean isOne(String name) {
        return name.startsWith("part-") && name.endsWith(".parquet");
    }

    /** Deletes what earlier starts left: a driver that was taken for dead finds nothing to publish any more. */
    static PublishedFiles into(Path table, Path work, Ownership ownership, Configuration hadoop) throws IOException {
        FileSystem system = table.getFileSystem(hadoop);
        system.delete(work, true);
        Path ofThisStart = new Path(work, UUID.randomUUID().toString());
        if (!system.mkdirs(ofThisStart) || !system.mkdirs(table)) {
            throw new IOException("the folder " + ofThisStart + " could not be made");
        }
        return new PublishedFiles(system, table, ofThisStart, ownership);
    }

    /** Publishes a file, also where the file system fails now and then, and says so after it has done what was asked. */
    public void publish(String name) throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            ownership.requireHeld();
            try {
                move(new Path(work, name), new Path(table, name));
                return;
            } catch (IOException e) {
                if (tried == TRIES) {
                    throw new IOException("the file " + name + " could not be published: " + e.getMessage(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << tried);
        }
    }

    private void move(Path from, Path to) throws IOException {
        Optional<FileStatus> source = status(from);
        Optional<FileStatus> target = status(to);
        if (target.isPresent()) {
            boolean whole =
                    source.isEmpty() || source.get().getLen() == target.get().getLen();
            system.delete(
                    whole ? from : to, false); // a store that copies broke off before it deleted, or in the middle
            if (whole) {
                return;
            }
        }
        if (!system.rename(from, to)) {
            throw new IOException("the file system refused the new name");
        }
    }

    private Optional<FileStatus> status(Path path) throws IOException {
        try {
            return Optional.of(system.getFileStatus(path));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    void discard() throws IOException {
        system.delete(work.getParent(), true);
    }
}
