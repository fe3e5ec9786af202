package io.sparkvlm.job;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local disk as a store that knows no renaming, under the scheme {@code flaky}: it copies and then deletes, and fails
 * at the steps that it is told to.
 */
public final class FlakyFileSystem extends RawLocalFileSystem {
    /** Static, because Hadoop makes the file system. */
    private static volatile Script script = (step, name) -> {};

    /** Where a rename is. */
    public enum Step {
        BEFORE,
        HALF_COPIED,
        COPIED,
        DONE
    }

    /** Is told of each step of a rename. */
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
}
