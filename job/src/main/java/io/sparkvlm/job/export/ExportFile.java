package io.sparkvlm.job.export;

import io.sparkvlm.job.evaluate.ScoredTable;
import io.sparkvlm.job.text.Figures;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.job.text.RootCause;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A file of this machine that another tool reads scored answers from. It is there as a whole or not at all.
 *
 * @param format by the end of the file's name
 */
public record ExportFile(Path path, ExportFormat format) {
    /**
     * A file of the format that its name's end says.
     *
     * @throws JobRefusedException when there is none of that end
     */
    public static ExportFile of(Path path) throws JobRefusedException {
        return new ExportFile(path, ExportFormat.of(path));
    }

    /**
     * To be asked before there is anything to write.
     *
     * @throws JobRefusedException where the file could not be written
     */
    public void requireWritable() throws JobRefusedException {
        Path unfinished = unfinished();
        try {
            if (Files.isDirectory(path)) {
                throw new FileAlreadyExistsException(path.toString(), null, "it is a folder");
            }
            Files.write(unfinished, new byte[0]);
            Files.delete(unfinished);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Writes all rows of a table.
     *
     * @param rows how many there are
     * @param order of the rows
     * @return what the user should know of the file, in a line
     */
    public String write(ScoredTable scored, long rows, Column order) throws JobRefusedException {
        if (format == ExportFormat.XLSX && rows > XlsxTable.MOST_ROWS) {
            throw new JobRefusedException(
                    "expected at most " + Figures.count(XlsxTable.MOST_ROWS) + " rows for a table of XLSX, found "
                            + Figures.count(rows) + ": give --export a name that ends in .tsv");
        }
        ExportedTable table = ExportedTable.of(scored, format);
        Path unfinished = unfinished();
        try {
            String note = write(table, table.rows(order, rows), unfinished);
            Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING);
            return "export: " + path + " (" + Figures.count(rows, "row") + note + ")";
        } catch (IOException e) {
            throw unwritable(e);
        } finally { // whatever was thrown; Scala throws checked exceptions that it does not declare
            FileUtils.deleteQuietly(unfinished.toFile());
        }
    }

    private Path unfinished() {
        return path.resolveSibling("." + path.getFileName() + ".unfinished");
    }

    private JobRefusedException unwritable(IOException e) {
        return new JobRefusedException("the file " + path + " cannot be written: " + RootCause.of(e), e);
    }

    private String write(ExportedTable table, Dataset<Row> ordered, Path file) throws IOException {
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
            SampleWriter writer = open(stream, table);
            Iterator<Row> rows = ordered.toLocalIterator();
            for (long place = 0; rows.hasNext(); place++) {
                writer.write(new Sample(place, rows.next()));
            }
            return writer.finish();
        }
    }

    private SampleWriter open(OutputStream file, ExportedTable table) throws IOException {
        return switch (format) {
            case JSONL -> new LmmsEvalSamples(file, table.scoring());
            case TSV -> new TsvTable(file, TableColumn.of(table));
            case XLSX -> new XlsxTable(file, TableColumn.of(table));
        };
    }
}
