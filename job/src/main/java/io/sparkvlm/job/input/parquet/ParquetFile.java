package io.sparkvlm.job.input.parquet;

import io.sparkvlm.job.text.RootCause;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.internal.SQLConf;

/** A file and what its footer says: its columns, or why it cannot be read. */
sealed interface ParquetFile extends Serializable {
    /** The file's URI. */
    String uri();

    /**
     * A file that can be read.
     *
     * @param byRowsOnly as in {@link ColumnsOfFile}
     */
    record Intact(String uri, FileSchema schema, boolean byRowsOnly) implements ParquetFile {}

    /** A file that cannot be read, and why, in words that go after the file's name. */
    record Broken(String uri, String why) implements ParquetFile {}

    static ParquetFile read(Path path, SQLConf conf, Configuration hadoop) {
        String uri = path.toUri().toString();
        try {
            ParquetFooter footer = ParquetFooter.read(path, hadoop);
            return new Intact(
                    uri, new FileSchemaReader(conf).read(footer.schema(), footer.metadata()), footer.isForRowsOnly());
        } catch (BrokenFooterException e) {
            return new Broken(uri, "is broken: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            return new Broken(uri, "cannot be read: " + RootCause.of(e));
        }
    }
}
