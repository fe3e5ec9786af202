package io.sparkvlm.job.output;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

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
        try {
            if (!system.mkdirs(folder)) {
                throw new JobRefusedException("the folder " + folder + " cannot be made");
            }
        } catch (FileAlreadyExistsException | ParentNotDirectoryException | AccessControlException e) {
            throw new JobRefusedException("the folder " + folder + " cannot be made: " + RootCause.of(e), e);
        }
        return folder.toUri().getScheme().equals("file")
                ? LocalLock.of(java.nio.file.Path.of(folder.toUri().getPath()), output)
                : Lease.of(system, folder, output);
    }
}
