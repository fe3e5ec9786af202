package io.sparkvlm.spark.commit;

import io.sparkvlm.spark.table.Columns;
import io.sparkvlm.spark.watch.NamedJobs;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.conf.HadoopParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Reads back from Parquet files which rows they hold. */
public final class RowIdColumn {
    private static final String COLUMN = "message rows { optional binary " + Columns.ROW_ID + " (STRING); }";

    /** Enough files a task that a table of many starts few tasks, and few enough that a task is soon done. */
    private static final int FILES_PER_TASK = 64;

    private RowIdColumn() {}

    /**
     * The rows of one file.
     *
     * @throws IOException where it cannot be read, or holds a row twice
     */
    static RowIds ofFile(Path file, Configuration hadoop) throws IOException {
        Configuration settings = new Configuration(hadoop);
        settings.set(ReadSupport.PARQUET_READ_SCHEMA, COLUMN);
        RowIds ids = new RowIds();
        long rows = 0;
        try (ParquetReader<Group> reader = new Rows(file, settings).build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                ids.add(row.getString(0, 0));
                rows++;
            }
        } catch (RuntimeException e) { // Parquet's word for what is no Parquet
            throw new IOException("expected a Parquet file in " + file, e);
        }
        if (ids.size() != rows) {
            throw new IOException("expected each row once in " + file + ", found " + (rows - ids.size()) + " twice");
        }
        return ids;
    }

    /** Parquet's own builder for a path reads Hadoop's XML files anew, for settings that it is given. */
    private static final class Rows extends ParquetReader.Builder<Group> {
        Rows(Path file, Configuration settings) throws IOException {
            super(HadoopInputFile.fromPath(file, settings), new HadoopParquetConfiguration(settings));
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    /**
     * The rows of a table, of which every file is read by the executors. A file that is not whole, as a file system may
     * leave one that copies where others rename, is deleted.
     *
     * @param table a folder; empty where it is not there
     * @param cores that the job has, or will have: as many tasks as files can be read at once
     * @throws IOException where two files hold the same row
     */
    public static RowIds ofTable(SparkSession spark, Path table, int cores) throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        SerializableConfiguration hadoop = new SerializableConfiguration(context.hadoopConfiguration());
        List<String> files = files(table, hadoop.value());
        RowIds all = new RowIds();
        if (files.isEmpty()) {
            return all;
        }
        long rows = 0;
        int tasks = Math.min(files.size(), Math.max(files.size() / FILES_PER_TASK, cores));
        try (NamedJobs named = NamedJobs.of(context.sc(), "reading which rows are written")) {
            for (RowIds ofFile : context.parallelize(files, tasks)
                    .flatMap(file -> ofWholeFile(new Path(file), hadoop.value()))
                    .collect()) {
                rows += ofFile.size();
                all.addAll(ofFile);
            }
        }
        if (all.size() != rows) {
            throw new IOException(
                    "expected each row once in " + table + ", found " + (rows - all.size()) + " in two files");
        }
        return all;
    }

    private static List<String> files(Path table, Configuration hadoop) throws IOException {
        FileSystem system = table.getFileSystem(hadoop);
        return !system.exists(table)
                ? List.of()
                : Arrays.stream(system.listStatus(table))
                        .map(FileStatus::getPath)
                        .filter(file -> PublishedFiles.isOne(file.getName()))
                        .map(Path::toString)
                        .toList();
    }

    /** The rows of the file; none, and no file any more, where it does not end as Parquet files do. */
    private static Iterator<RowIds> ofWholeFile(Path file, Configuration hadoop) throws IOException {
        FileSystem system = file.getFileSystem(hadoop);
        long length = system.getFileStatus(file).getLen();
        byte[] end = new byte[ParquetFileWriter.MAGIC.length];
        if (length >= end.length) {
            try (FSDataInputStream stream = system.open(file)) {
                stream.readFully(length - end.length, end);
            }
        }
        if (!Arrays.equals(end, ParquetFileWriter.MAGIC)) {
            system.delete(file, false);
            return Collections.emptyIterator();
        }
        return List.of(ofFile(file, hadoop)).iterator();
    }
}
