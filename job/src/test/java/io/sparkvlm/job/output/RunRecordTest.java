package io.sparkvlm.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunRecordTest {
    private static final String JSON =
            "{\"input\": {\"paths\": [\"elsewhere:/in\"], \"format\": \"jsonl\"}, \"allowed-local-media-path\": \"/pictures\"}";

    @TempDir
    private Path folder;

    @Test
    void isWrittenToAndReadFromAnyFileSystemOfHadoop() throws IOException {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.elsewhere.impl", Elsewhere.class.getName());
        hadoop.setBoolean("fs.elsewhere.impl.disable.cache", true);
        Files.writeString(folder.resolve(RunRecord.FILE_NAME), JSON);
        org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path("elsewhere:" + folder);
        RunRecord record = RunRecord.read(output, hadoop).orElseThrow();
        assertThat(record.inputs()).containsExactly("elsewhere:/in");
        assertThat(record.allowedLocalMediaPath()).isEqualTo("/pictures");

        Files.delete(folder.resolve(RunRecord.FILE_NAME));
        record.write(output, hadoop);
        assertThat(RunRecord.read(output, hadoop)).isEqualTo(Optional.of(record));
    }

    @Test
    void isNoneWhereTheFileIsMissingOrIsAnotherOne() throws IOException {
        org.apache.hadoop.fs.Path output = new org.apache.hadoop.fs.Path(folder.toUri());
        assertThat(RunRecord.read(output, new Configuration())).isEmpty();
        for (String other :
                new String[] {"", "nonsense", "[]", "{}", "{\"input\": {\"path\": \"a\", \"format\": \"b\"}}"}) {
            Files.writeString(folder.resolve(RunRecord.FILE_NAME), other);
            assertThat(RunRecord.read(output, new Configuration())).as(other).isEmpty();
        }
    }

    /** The local disk under another scheme, as a cluster's store is. */
    public static final class Elsewhere extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("elsewhere:///");
        }
    }
}
