package io.sparkvlm.job.output;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Takes the kind of lock that a file system has. */
final class OutputLocks {
    private OutputLocks() {}

    /**
     * Takes the lock.
     *
     * @param folder that the lock lies in
     * @param output as a user writes it
     * @throws JobRefusedException naming the job that has it
     */
    static OutputLock take(FileSystem system, Path folder, String output) throws JobRefusedException, IOException {
        if (!system.mkdirs(folder)) {
            throw new IOException("the folder " + folder + " could not be made");
        }
        return folder.toUri().getScheme().equals("file")
                ? LocalLock.of(java.nio.file.Path.of(folder.toUri().getPath()), output)
                : Lease.of(system, folder, output);
    }
}
