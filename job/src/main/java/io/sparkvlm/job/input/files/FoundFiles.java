package io.sparkvlm.job.input.files;

import io.sparkvlm.job.text.JobRefusedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;

/** Gathers the files below what {@code --input} names, each of them once, and the folder that all of them lie in. */
final class FoundFiles {
    /** A name with a colon in it and no scheme: Hadoop takes what stands before a colon for one. */
    private static final Pattern COLON_IN_A_NAME = Pattern.compile("[^/]*:(?!/).*", Pattern.DOTALL);

    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private final Configuration hadoop;
    private final List<Path> inputs = new ArrayList<>();
    private final List<Path> bases = new ArrayList<>();
    private final Map<Path, FileStatus> files = new TreeMap<>();
    private final TablesAround tables = new TablesAround();
    private boolean oneFile;
    private int hiddenFiles;

    FoundFiles(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    void add(String input) throws IOException {
        Path path = path(input);
        FileSystem system = ColonNames.system(path, hadoop);
        Path qualified = system.makeQualified(path);
        oneFile = false;
        try {
            FileStatus found = system.getFileStatus(qualified);
            oneFile = found.isFile() && inputs.isEmpty();
            bases.add(found.isFile() ? qualified.getParent() : qualified);
            tables.requireNoneAbove(system, qualified);
            collect(system, found);
        } catch (FileNotFoundException e) {
            if (!WILDCARD.matcher(qualified.toUri().getPath()).find()) {
                throw e;
            }
            bases.add(match(system, qualified));
        }
        inputs.add(qualified);
    }

    static Path path(String input) {
        return new Path(COLON_IN_A_NAME.matcher(input).matches() ? "./" + input : input);
    }

    /** As they were named, with their file systems. */
    List<Path> inputs() {
        return List.copyOf(inputs);
    }

    /** The innermost folder that holds all files: of several inputs that which they have in common. */
    Path root() {
        Path root = bases.get(0);
        for (Path base : bases) {
            while (root.getParent() != null && !holds(root, base)) {
                root = root.getParent();
            }
        }
        return root;
    }

    FormatChoice choose(InputFormat asked, String input) throws JobRefusedException {
        List<FileStatus> all = List.copyOf(files.values());
        if (all.isEmpty()) {
            throw new JobRefusedException("expected request files in " + input + ", found none");
        }
        return oneFile ? FormatChoice.ofOne(all.get(0), asked) : FormatChoice.among(all, asked, hiddenFiles);
    }

    private static boolean holds(Path folder, Path file) {
        return folder.equals(file) || !folder.toUri().relativize(file.toUri()).equals(file.toUri());
    }

    /** Collects what the pattern matches and returns the folder before its first wildcard. */
    private Path match(FileSystem system, Path pattern) throws IOException {
        List<String> names = new ArrayList<>();
        Path fixed = pattern;
        while (WILDCARD.matcher(fixed.toUri().getPath()).find()) {
            names.add(0, fixed.getName());
            fixed = fixed.getParent();
        }
        int before = files.size();
        match(system, fixed, names);
        if (files.size() == before) {
            throw new FileNotFoundException(pattern.toString());
        }
        return fixed;
    }

    /** Our own walk, because Hadoop's fails at a colon in a name. */
    private void match(FileSystem system, Path folder, List<String> names) throws IOException {
        GlobPattern pattern = new GlobPattern(names.get(0));
        for (FileStatus child : children(system, folder)) {
            String name = child.getPath().getName();
            // A folder may be called as a pattern is written.
            if (name.equals(names.get(0)) || pattern.matches(name)) {
                if (names.size() == 1) {
                    tables.requireNoneAbove(system, child.getPath());
                    collect(system, child);
                } else if (child.isDirectory()) {
                    match(system, child.getPath(), names.subList(1, names.size()));
                }
            }
        }
    }

    private void collect(FileSystem system, FileStatus status) throws IOException {
        if (status.isFile()) {
            if (TablesAround.isMetadataOfIceberg(status.getPath())) {
                throw new IOException(
                        "it is a table of Iceberg, some of whose files hold rows that were deleted: name it"
                                + " in a catalog, with --input-table of generate");
            }
            files.put(status.getPath(), status);
            return;
        }
        for (FileStatus child : children(system, status.getPath())) {
            collect(system, child);
        }
    }

    /** What is not hidden (. or _ first), in an order that is the same in every run. */
    private List<FileStatus> children(FileSystem system, Path folder) throws IOException {
        List<FileStatus> children = new ArrayList<>();
        for (FileStatus child : system.listStatus(folder)) {
            String name = child.getPath().getName();
            if (name.equals(TablesAround.DELTA_LOG)) {
                throw new IOException("it is a table of Delta, some of whose files hold rows that were deleted: give it"
                        + " to generate, as its only --input");
            }
            if (name.startsWith(".") || name.startsWith("_")) {
                hiddenFiles++;
            } else {
                children.add(child);
            }
        }
        children.sort(Comparator.comparing(FileStatus::getPath));
        return children;
    }
}
