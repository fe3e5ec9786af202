package io.sparkvlm.job.input.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * Looks for tables of Delta and Iceberg among the folders that inputs lie in: their files are not the table, because some of
 * them hold rows that were deleted.
 */
final class TablesAround {
    /** Lies in the folder of each table of Delta. */
    static final String DELTA_LOG = "_delta_log";

    private static final String ICEBERG_METADATA = "metadata";

    /** As catalogs and folders without one name the versions of a table. */
    private static final Pattern METADATA_OF_ICEBERG =
            Pattern.compile("(v\\d+|\\d+-[0-9a-f-]{36})(\\.gz)?\\.metadata\\.json(\\.gz)?");

    private final Set<Path> seen = new HashSet<>();

    /** Refuses a folder that lies in a table; one that is a table itself is none of its business. */
    void requireNoneAbove(FileSystem system, Path folder) throws IOException {
        for (Path above = folder.getParent(); above != null && seen.add(above); above = above.getParent()) {
            try {
                requireNone(system, above);
            } catch (AccessControlException | AccessDeniedException e) {
                return; // a folder that may not be listed is not the table's, whose files may be read
            }
        }
    }

    private static void requireNone(FileSystem system, Path folder) throws IOException {
        if (system.exists(new Path(folder, DELTA_LOG))) {
            throw new IOException("it lies in " + folder + ", a table of Delta, some of whose files hold rows that were"
                    + " deleted: give the table to generate as its only --input, or a part of it as --input-query"
                    + " \"SELECT * FROM delta.`" + folder.toUri().getPath() + "` WHERE ...\"");
        }
        if (isOfIceberg(system, folder)) {
            throw new IOException(
                    "it lies in " + folder + ", a table of Iceberg, some of whose files hold rows that were"
                            + " deleted: name it in a catalog, with --input-table or --input-query of generate");
        }
    }

    private static boolean isOfIceberg(FileSystem system, Path folder) throws IOException {
        try {
            return system.listStatus(new Path(folder, ICEBERG_METADATA), TablesAround::isMetadataOfIceberg).length > 0;
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    static boolean isMetadataOfIceberg(Path file) {
        return METADATA_OF_ICEBERG.matcher(file.getName()).matches()
                && file.getParent().getName().equals(ICEBERG_METADATA);
    }
}
