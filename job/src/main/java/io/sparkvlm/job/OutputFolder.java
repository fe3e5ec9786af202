package io.sparkvlm.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where the completions go: a folder that held nothing when the job was started. */
record OutputFolder(Path path, OutputFormat format) {
    /** Spark's name for what a job that was killed left half written. */
    private static final String UNFINISHED = "_temporary";

    static OutputFolder unused(String output, OutputFormat format, Configuration hadoop) throws JobRefusedException {
        try {
            Path path = new Path(output);
            FileSystem system = path.getFileSystem(hadoop);
            Path qualified = system.makeQualified(path);
            if (hasContent(system, qualified)) {
                throw new JobRefusedException(
                        "the output " + output + " is there already and not empty:" + " choose another, or remove it");
            }
            return new OutputFolder(qualified, format);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the output " + output + " cannot be written: " + RootCause.of(e), e);
        }
    }

    /** Deletes what a killed job left half written: Spark would publish it beside this job's rows. */
    void discardUnfinished(Configuration hadoop) throws IOException {
        path.getFileSystem(hadoop).delete(new Path(path, UNFINISHED), true);
    }

    private static boolean hasContent(FileSystem system, Path path) throws IOException {
        try {
            if (system.getFileStatus(path).isFile()) {
                return true;
            }
            for (FileStatus child : system.listStatus(path)) {
                if (!child.getPath().getName().equals(UNFINISHED)) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException e) {
            return false; // as it should be
        }
    }
}
