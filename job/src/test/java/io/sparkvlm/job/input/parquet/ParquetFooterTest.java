package io.sparkvlm.job.input.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetFooterTest {
    private static final Path FILES = Path.of("src/test/resources/io/sparkvlm/job/input");
    private static final Configuration HADOOP = new Configuration();
    private static final SQLConf CONF = new SQLConf();

    @TempDir
    private Path folder;

    @Test
    void saysWhatIsWrongWithAFileThatIsNotParquet() throws IOException {
        byte[] good = Files.readAllBytes(FILES.resolve("int96.parquet"));
        assertThat(why(new byte[0])).isEqualTo("is broken: it has 0 bytes, fewer than an empty table");
        assertThat(why("a,b,c\n1,2,3\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("is broken: expected PAR1 in its last four bytes, found 32 2c 33 0a");
        assertThat(why(Arrays.copyOf(good, good.length - 100)))
                .isEqualTo(
                        "is broken: it begins as Parquet and does not end so: it was cut off, or not written to its end");
        byte[] encrypted = good.clone();
        encrypted[good.length - 1] = 'E';
        assertThat(why(encrypted)).contains("it is encrypted");
        byte[] large = good.clone();
        ByteBuffer.wrap(large).order(ByteOrder.LITTLE_ENDIAN).putInt(good.length - 8, good.length);
        assertThat(why(large))
                .isEqualTo("is broken: its footer is said to have " + good.length + " bytes, and the file has "
                        + good.length);
        byte[] zeros = good.clone();
        Arrays.fill(zeros, good.length - 300, good.length - 8, (byte) 0);
        assertThat(why(zeros)).contains("bytes of its footer do not say what a Parquet file holds");
    }

    @Test
    void readsOrRefusesInOneLineWhateverByteOfAFooterIsChanged() throws IOException {
        int refused = 0;
        int unread = 0;
        byte[] good = Files.readAllBytes(FILES.resolve("int96.parquet"));
        int footer = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 8);
        for (int at = good.length - 8 - footer; at < good.length - 4; at++) {
            byte[] changed = good.clone();
            changed[at] ^= (byte) (at % 2 == 0 ? 0xFF : 0x01);
            Path file = Files.write(folder.resolve("changed.parquet"), changed);
            ParquetFile found = ParquetFile.read(new org.apache.hadoop.fs.Path(file.toUri()), CONF, HADOOP);
            if (found instanceof ParquetFile.Broken broken) {
                refused++;
                assertThat(broken.why()).doesNotContain("null", "Exception", "Socket");
            } else if (!isRead(file)) {
                unread++;
            }
        }
        assertThat(refused).isGreaterThan(100);
        // Only the pages show that a chunk is shorter than it was, or that it had a dictionary.
        assertThat(unread).isLessThan(10);
    }

    private String why(byte[] file) throws IOException {
        Path path = Files.write(folder.resolve("file.parquet"), file);
        return ((ParquetFile.Broken) ParquetFile.read(new org.apache.hadoop.fs.Path(path.toUri()), CONF, HADOOP)).why();
    }

    private static boolean isRead(Path file) {
        try (ParquetReader<Group> reader = ParquetReader.builder(
                        new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
                .build()) {
            while (reader.read() != null) {}
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
