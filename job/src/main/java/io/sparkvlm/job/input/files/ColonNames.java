package io.sparkvlm.job.input.files;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Opens file systems of Hadoop so that files can be read whose names have a colon. */
final class ColonNames {
    private ColonNames() {}

    /**
     * The file system of a path. On the local disk it does not look for checksums beside a file: Hadoop cannot write their
     * names down where there is a colon, and a file that was edited after Hadoop wrote it is refused for them.
     */
    static FileSystem system(Path path, Configuration hadoop) throws IOException {
        FileSystem system = path.getFileSystem(hadoop);
        if (system instanceof LocalFileSystem local) {
            local.setVerifyChecksum(false); // for this process, which has one such file system
        }
        return system;
    }
}
