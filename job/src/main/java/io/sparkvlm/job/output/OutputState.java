package io.sparkvlm.job.output;

import io.sparkvlm.spark.commit.PublishedFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What an output folder is to a job that is to write there. */
enum OutputState {
    /** Not there, or without a row: what is there, a job left that ended before its first one. */
    NEW,
    /** Some of the rows of a job that can go on. */
    RESUMABLE,
    /** All rows of a job that has ended well. */
    FINISHED,
    /** Rows that a job of Spark was publishing when it was killed; which are missing cannot be told. */
    HALF_COMMITTED,
    /** Anything else, which is not this project's to touch. */
    FOREIGN;

    /** Spark's names for what it has not published, and for what says that all is published. */
    static final String UNPUBLISHED = "_temporary";

    static final String SUCCESS = "_SUCCESS";

    private static final Set<String> HIDDEN =
            Set.of(UNPUBLISHED, SUCCESS, RunRecord.FILE_NAME, StartLog.FILE_NAME, OutputFolder.WORK);
    private static final Set<String> OF_A_BATCH = Set.of(BatchFiles.ANSWERS, BatchFiles.ERRORS);

    /** Looks at the folder. */
    static OutputState of(FileSystem system, Path folder) throws IOException {
        Set<String> names;
        try {
            if (system.getFileStatus(folder).isFile()) {
                return FOREIGN;
            }
            names = names(system, folder);
            names.addAll(names(system, new Path(folder, OutputFolder.BATCH_TABLE)));
        } catch (FileNotFoundException e) {
            return NEW;
        }
        if (!names.stream().allMatch(OutputState::isOfAJob)) {
            return FOREIGN;
        }
        boolean rows = names.stream().anyMatch(OutputState::isOfRows);
        boolean recorded = names.contains(RunRecord.FILE_NAME);
        if (names.contains(SUCCESS)) {
            return recorded ? FINISHED : FOREIGN;
        }
        return !rows ? NEW : recorded ? RESUMABLE : HALF_COMMITTED;
    }

    /** Whether a file of that name holds rows. */
    static boolean isOfRows(String name) {
        return OF_A_BATCH.contains(name) || PublishedFiles.isOne(name);
    }

    /** Whether a table's folder is there and has a file of rows. */
    static boolean hasRows(FileSystem system, Path table) throws IOException {
        return names(system, table).stream().anyMatch(OutputState::isOfRows);
    }

    private static boolean isOfAJob(String name) {
        return HIDDEN.contains(name) || isOfRows(name);
    }

    /** Without the checksums that lie beside files of local disks. */
    private static Set<String> names(FileSystem system, Path folder) throws IOException {
        if (!system.exists(folder)) {
            return Set.of();
        }
        return Arrays.stream(system.listStatus(folder))
                .map(child -> child.getPath().getName())
                .map(name -> name.startsWith(".") && name.endsWith(".crc")
                        ? name.substring(1, name.length() - ".crc".length())
                        : name)
                .collect(Collectors.toSet());
    }
}
