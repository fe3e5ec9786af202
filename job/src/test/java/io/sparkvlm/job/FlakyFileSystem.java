package io.sparkvlm.job;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as a store that knows no renaming, under the scheme {@code flaky}: it copies and then deletes, and fails
 * at the steps that it is told to, or ends its process there.
 */
public final class FlakyFileSystem extends RawLocalFileSystem {
    /** Static, because Hadoop makes the file system. */
    private static volatile Script script = (step, name) -> {};

    /** Where a rename is, or what else is done with a file. */
    public enum Step {
        BEFORE(0.25),
        HALF_COPIED(0.25),
        COPIED(0.25),
        DONE(0.25),
        CREATES(0.5),
        CREATED(0.5),
        OPENS(0),
        DELETES(0);

        private final double shareOfItsKind;

        Step(double shareOfItsKind) {
            this.shareOfItsKind = shareOfItsKind;
        }

        public boolean isOfARename() {
            return compareTo(DONE) <= 0;
        }

        /** How many of the failures of renames or creations fall to this step; others never fail. */
        public double shareOfItsKind() {
            return shareOfItsKind;
        }
    }

    /** Is told of each step. */
    @FunctionalInterface
    public interface Script {
        /**
         * Looks at a step.
         *
         * @throws IOException where the file system is to fail
         */
        void at(Step step, String name) throws IOException;
    }

    public static void follow(Script steps) {
        script = steps;
    }

    /** Makes it known to a job. */
    public static void register(Configuration hadoop) {
        hadoop.set("fs.flaky.impl", FlakyFileSystem.class.getName());
    }

    @Override
    public URI getUri() {
        return URI.create("flaky:///");
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        java.nio.file.Path source = pathToFile(from).toPath();
        java.nio.file.Path target = pathToFile(to).toPath();
        if (!Files.isRegularFile(source)) {
            return super.rename(from, to);
        }
        script.at(Step.BEFORE, to.getName());
        byte[] all = Files.readAllBytes(source);
        Files.write(target, Arrays.copyOf(all, all.length / 2));
        script.at(Step.HALF_COPIED, to.getName());
        Files.write(target, all);
        script.at(Step.COPIED, to.getName());
        Files.delete(source);
        script.at(Step.DONE, to.getName());
        return true;
    }

    @Override
    public FSDataOutputStream create(
            Path file,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        script.at(Step.CREATES, file.getName());
        FSDataOutputStream stream =
                super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
        try {
            script.at(Step.CREATED, file.getName());
            return stream;
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public FSDataOutputStream create(
            Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        return create(file, FsPermission.getFileDefault(), overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        script.at(Step.OPENS, file.getName());
        return super.open(file, bufferSize);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        script.at(Step.DELETES, path.getName());
        return super.delete(path, recursive);
    }
}
