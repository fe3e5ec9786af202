package io.sparkvlm.job.input;

import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Lists the files that hold the requests, and says in which format.
 *
 * @param root what {@code --input} named: row ids are relative to it
 * @param files in the order of their paths; hidden ones (. or _ first) left out
 */
public record RequestFiles(Path root, List<FileStatus> files, InputFormat format) {
    private static final List<String> JSONL_ENDINGS =
            List.of(".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz");

    public static RequestFiles find(String input, InputFormat asked, Configuration hadoop) throws JobRefusedException {
        try {
            FileSystem system = new Path(input).getFileSystem(hadoop);
            FileStatus root = system.getFileStatus(new Path(input));
            List<FileStatus> files = new ArrayList<>();
            collect(system, root, files);
            if (files.isEmpty()) {
                throw new JobRefusedException("expected request files in " + input + ", found none");
            }
            files.sort(Comparator.comparing(FileStatus::getPath));
            return new RequestFiles(root.getPath(), List.copyOf(files), format(asked, files));
        } catch (FileNotFoundException e) {
            throw new JobRefusedException("the input " + input + " is not there", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new JobRefusedException("the input " + input + " cannot be read: " + RootCause.of(e), e);
        }
    }

    /** The input, or the folder that it lies in where it is a file. */
    Path folder() {
        boolean aFile = files.size() == 1 && files.get(0).getPath().equals(root);
        return aFile ? root.getParent() : root;
    }

    long bytes() {
        return files.stream().mapToLong(FileStatus::getLen).sum();
    }

    /** Those of the files that have these names below the input. */
    public RequestFiles named(Set<String> names) {
        return new RequestFiles(
                root,
                files.stream()
                        .filter(file -> names.contains(relative(root, file.getPath())))
                        .toList(),
                format);
    }

    /** Hadoop and Spark take every path they are given for a pattern. */
    public static String literally(Path path) {
        return path.toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
    }

    /** A file's path below the input, or its name where the input is that file. */
    static String relative(Path root, Path file) {
        String name = root.toUri().relativize(file.toUri()).getPath();
        return name.isEmpty() ? file.getName() : name;
    }

    private static void collect(FileSystem system, FileStatus status, List<FileStatus> files) throws IOException {
        if (status.isFile()) {
            files.add(status);
            return;
        }
        for (FileStatus child : system.listStatus(status.getPath())) {
            String name = child.getPath().getName();
            if (!name.startsWith(".") && !name.startsWith("_")) {
                collect(system, child, files);
            }
        }
    }

    private static InputFormat format(InputFormat asked, List<FileStatus> files) throws JobRefusedException {
        if (asked != InputFormat.AUTO) {
            return asked;
        }
        Set<InputFormat> formats = files.stream().map(RequestFiles::byName).collect(Collectors.toSet());
        if (formats.size() == 1 && !formats.contains(InputFormat.AUTO)) {
            return formats.iterator().next();
        }
        throw new JobRefusedException(
                "the names of the input's files (" + files.get(0).getPath().getName()
                        + (files.size() > 1 ? ", …" : "")
                        + ") do not say one format: expected all .parquet, or all .jsonl or .jsonl.gz; say which with"
                        + " --input-format");
    }

    private static InputFormat byName(FileStatus file) {
        String name = file.getPath().getName().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            return InputFormat.PARQUET;
        }
        return JSONL_ENDINGS.stream().anyMatch(name::endsWith) ? InputFormat.JSONL : InputFormat.AUTO;
    }
}
