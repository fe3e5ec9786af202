package io.sparkvlm.job.input.files;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Holds the files of the requests, and says in which format they are.
 *
 * @param inputs what {@code --input} named
 * @param root the folder that row ids are relative to
 * @param files in the order of their paths
 * @param notice one line that says what was passed over, if anything was
 */
public record RequestFiles(
        List<Path> inputs, Path root, List<FileStatus> files, InputFormat format, Optional<String> notice) {
    public static RequestFiles find(String input, InputFormat asked, Configuration hadoop) throws JobRefusedException {
        return find(List.of(input), asked, hadoop);
    }

    /**
     * Lists the files, and chooses those of one format.
     *
     * @param inputs files, folders and patterns of Hadoop's globs
     */
    public static RequestFiles find(List<String> inputs, InputFormat asked, Configuration hadoop)
            throws JobRefusedException {
        FoundFiles found = new FoundFiles(hadoop);
        for (String input : inputs) {
            try {
                found.add(input);
            } catch (FileNotFoundException e) {
                throw new JobRefusedException("the input " + input + " is not there", e);
            } catch (IOException | IllegalArgumentException e) {
                throw new JobRefusedException("the input " + input + " cannot be read: " + RootCause.of(e), e);
            }
        }
        FormatChoice choice = found.choose(asked, String.join(", ", inputs));
        return new RequestFiles(found.inputs(), found.root(), choice.files(), choice.format(), choice.notice());
    }

    /** The folder, qualified, where an input is that of a table of Delta. */
    public static Optional<String> deltaFolder(String input, Configuration hadoop) throws JobRefusedException {
        try {
            Path path = FoundFiles.path(input);
            FileSystem system = ColonNames.system(path, hadoop);
            Path folder = system.makeQualified(path);
            return system.exists(new Path(folder, TablesAround.DELTA_LOG))
                    ? Optional.of(folder.toString())
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the input " + input + " cannot be read: " + RootCause.of(e), e);
        }
    }

    /** Of all files together. */
    public long bytes() {
        return files.stream().mapToLong(FileStatus::getLen).sum();
    }

    /** Those of the files that have these names below the input. */
    public RequestFiles named(Set<String> names) {
        return new RequestFiles(
                inputs,
                root,
                files.stream()
                        .filter(file -> names.contains(relative(root, file.getPath())))
                        .toList(),
                format,
                notice);
    }

    /** Hadoop and Spark take every path they are given for a pattern. */
    public static String literally(Path path) {
        return path.toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
    }

    /** A file's path below a folder; all of it where the file lies elsewhere. */
    public static String relative(Path root, Path file) {
        URI below = root.toUri().relativize(file.toUri());
        return below.isAbsolute() ? file.toString() : below.getPath();
    }
}
