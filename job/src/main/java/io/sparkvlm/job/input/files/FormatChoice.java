package io.sparkvlm.job.input.files;

import io.sparkvlm.job.text.JobRefusedException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Chooses from the files that were found those that hold requests.
 *
 * @param notice one line that says what was passed over, if anything was
 */
record FormatChoice(List<FileStatus> files, InputFormat format, Optional<String> notice) {
    /** Names in one line. */
    private static final int NAMES = 3;

    private static final Pattern CSV = Pattern.compile(".*\\.[ct]sv(\\.\\w+)?", Pattern.CASE_INSENSITIVE);

    /** The one file that was named: it is read, whatever its name says. */
    static FormatChoice ofOne(FileStatus file, InputFormat asked) throws JobRefusedException {
        InputFormat format = asked == InputFormat.AUTO ? FileName.of(file).format() : asked;
        if (format == InputFormat.AUTO) {
            throw unclear(List.of(file), List.of(file));
        }
        return new FormatChoice(List.of(file), format, Optional.empty());
    }

    /** Those of several files that have the format: the asked one, or the only one that names speak of. */
    static FormatChoice among(List<FileStatus> found, InputFormat asked, int hiddenFiles) throws JobRefusedException {
        Map<FileName, List<FileStatus>> byName = new EnumMap<>(FileName.class);
        for (FileName kind : FileName.values()) {
            byName.put(kind, new ArrayList<>());
        }
        found.forEach(file -> byName.get(FileName.of(file)).add(file));
        InputFormat format = asked == InputFormat.AUTO ? only(byName, found) : asked;
        List<FileStatus> named = byName.get(format == InputFormat.PARQUET ? FileName.PARQUET : FileName.JSONL);
        List<FileStatus> taken = named.isEmpty() ? byName.get(FileName.UNKNOWN) : named;
        // Spark's own name for a file in which a task had nothing to write.
        List<FileStatus> filled = format == InputFormat.PARQUET
                ? taken.stream().filter(file -> file.getLen() > 0).toList()
                : taken;
        if (filled.isEmpty()) {
            throw new JobRefusedException(
                    "expected files of " + words(format) + " with something in them, found " + names(found));
        }
        Set<Path> chosen = filled.stream().map(FileStatus::getPath).collect(Collectors.toSet());
        List<FileStatus> rest =
                found.stream().filter(file -> !chosen.contains(file.getPath())).toList();
        return new FormatChoice(
                filled,
                format,
                rest.isEmpty()
                        ? Optional.empty()
                        : Optional.of("passed over " + names(rest)
                                + (hiddenFiles == 0 ? "" : " and what is hidden (. or _ first)")
                                + ": no requests in " + words(format)));
    }

    private static InputFormat only(Map<FileName, List<FileStatus>> byName, List<FileStatus> found)
            throws JobRefusedException {
        boolean lines = !byName.get(FileName.JSONL).isEmpty();
        boolean parquet = !byName.get(FileName.PARQUET).isEmpty();
        if (lines == parquet || !byName.get(FileName.UNKNOWN).isEmpty()) {
            List<FileStatus> unknown = byName.get(FileName.UNKNOWN);
            throw unclear(unknown.isEmpty() ? found : unknown, found);
        }
        return lines ? InputFormat.JSONL : InputFormat.PARQUET;
    }

    private static JobRefusedException unclear(List<FileStatus> files, List<FileStatus> found) {
        if (found.stream()
                .allMatch(file -> CSV.matcher(file.getPath().getName()).matches())) {
            return new JobRefusedException(
                    "expected Parquet or lines of JSON, found CSV (" + names(files)
                            + "): --input-query 'SELECT * FROM csv.`x.csv` WITH (header = true)' in the place of --input reads it");
        }
        return new JobRefusedException("the names of the input's files (" + names(files)
                + ") do not say one format: expected .parquet, or .jsonl, also .gz, .bz2 or .zst; say with"
                + " --input-format which to take");
    }

    private static String words(InputFormat format) {
        return format == InputFormat.PARQUET ? "Parquet" : "JSON lines";
    }

    private static String names(List<FileStatus> files) {
        String first = files.stream()
                .limit(NAMES)
                .map(file -> file.getPath().getName())
                .collect(Collectors.joining(", "));
        return files.size() > NAMES ? first + " and " + (files.size() - NAMES) + " more" : first;
    }
}
