package io.sparkvlm.bench.endurance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Counts the rows that a job has published, by the footers of its files, each of which is read once. */
final class PublishedRows {
    private final Path table;
    private final Map<Path, Long> counted = new HashMap<>();

    PublishedRows(Path table) {
        this.table = table;
    }

    long count() throws IOException {
        if (Files.isDirectory(table)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(table, "part-*")) {
                for (Path file : files) {
                    if (!counted.containsKey(file)) {
                        counted.put(file, rows(file));
                    }
                }
            }
        }
        return counted.values().stream().mapToLong(rows -> rows).sum();
    }

    private static long rows(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
            return reader.getRecordCount();
        }
    }
}
