package io.sparkvlm.job.output;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.sparkvlm.job.input.RowId;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.preprocessing.openai.BatchResult;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Writes a finished table as files of OpenAI's Batch API, in the order of the input: answers and errors apart, as OpenAI
 * does, or all in one, as vLLM does.
 *
 * @param work where Spark writes them first, because it names its files itself
 */
record BatchFiles(Path work) {
    static final String ANSWERS = "output.jsonl";
    static final String ERRORS = "errors.jsonl";

    /** Characters of a hash that tell rows apart, as in the answers' own ids. */
    private static final int ID_LENGTH = 32;

    /**
     * Writes both files, of which a row is in one; they are there even if empty.
     *
     * @param answers the table, written down: it is read twice
     */
    void writeTwo(Dataset<Row> answers, Path folder) throws IOException {
        write(answers.where(col(Columns.STATUS).equalTo("ok")), new Path(folder, ANSWERS));
        write(answers.where(col(Columns.STATUS).notEqual("ok")), new Path(folder, ERRORS));
    }

    /** Writes the rows as one file. */
    void write(Dataset<Row> rows, Path file) throws IOException {
        FileSystem system =
                file.getFileSystem(rows.sparkSession().sparkContext().hadoopConfiguration());
        Path unnamed = new Path(work, file.getName());
        rows.coalesce(1)
                .sortWithinPartitions(RowId.place())
                .select(line())
                .write()
                .option("maxRecordsPerFile", 0) // one file, whatever the configuration says
                .text(unnamed.toString());
        for (FileStatus part : system.globStatus(new Path(RequestFiles.literally(unnamed), "part-*"))) {
            system.delete(file, false); // of a start that was killed
            if (!system.rename(part.getPath(), file)) {
                throw new IOException("the file " + file + " could not be given its name");
            }
            if (system instanceof ChecksumFileSystem local) { // who edits the file could not read it with Hadoop again
                local.getRawFileSystem().delete(local.getChecksumFile(file), false);
            }
        }
    }

    private static Column line() {
        Column id = sha2(col(Columns.ROW_ID).cast(DataTypes.BinaryType), 256).substr(lit(1), lit(ID_LENGTH));
        return udf(new Line(), DataTypes.StringType)
                .apply(struct(
                        id.as("id"),
                        col(Columns.CUSTOM_ID),
                        col("status_code"),
                        col("response"),
                        col(Columns.ERROR + ".*")));
    }

    /** A row of the table to its line. */
    private static final class Line implements UDF1<Row, String> {
        @Override
        public String call(Row row) {
            String body = row.isNullAt(row.fieldIndex("code"))
                    ? row.getAs("response")
                    : BatchResult.errorBody(
                            row.getAs("message"),
                            row.getAs("type"),
                            Optional.ofNullable(row.getAs("param")),
                            row.getAs("code"));
            return new BatchResult(row.getAs("id"), row.getAs(Columns.CUSTOM_ID), row.getAs("status_code"), body)
                    .toJson();
        }
    }
}
