package io.sparkvlm.job.input.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;

/** Reads lines of files whose paths are no patterns. A file that breaks off is named. */
public final class LineFiles extends FileInputFormat<LongWritable, Text> {
    /** Only a line feed ends a line: a carriage return is white space to JSON. */
    private static final byte[] LINE_FEED = "\n".getBytes(StandardCharsets.US_ASCII);

    /** Hadoop's own takes the paths for globs, which cannot have a colon in a name. */
    @Override
    protected List<FileStatus> listStatus(JobContext job) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        for (Path path : getInputPaths(job)) {
            files.add(path.getFileSystem(job.getConfiguration()).getFileStatus(path));
        }
        return files;
    }

    /** Packed files are read whole: a line's place is its byte in the text. */
    @Override
    protected boolean isSplitable(JobContext job, Path file) {
        return new CompressionCodecFactory(job.getConfiguration()).getCodec(file) == null;
    }

    @Override
    public RecordReader<LongWritable, Text> createRecordReader(InputSplit split, TaskAttemptContext context) {
        return new Lines(((FileSplit) split).getPath());
    }

    private static final class Lines extends LineRecordReader {
        private final Path file;

        Lines(Path file) {
            super(LINE_FEED);
            this.file = file;
        }

        @Override
        public void initialize(InputSplit split, TaskAttemptContext context) throws IOException {
            try {
                ColonNames.system(file, context.getConfiguration());
                super.initialize(split, context);
            } catch (IOException | RuntimeException e) {
                throw new UnreadableFileException(file, e);
            }
        }

        @Override
        public boolean nextKeyValue() throws IOException {
            try {
                return super.nextKeyValue();
            } catch (IOException | RuntimeException e) {
                throw new UnreadableFileException(file, e);
            }
        }
    }
}
