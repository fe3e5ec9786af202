package io.sparkvlm.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.job.output.StartLog.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StartLogTest {
    private static final Start START = new Start("today", "1", "local-1", "", "", 0, 1, 0);

    @TempDir
    private Path folder;

    @Test
    void aStartIsListedOnce() throws Exception {
        StartLog.read(home(), new Configuration()).with(START).write(home(), new Configuration());
        assertThat(StartLog.read(home(), new Configuration()).with(START).starts())
                .containsExactly(START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[null]", "[{}]", "{}", "[{\"started\":null}]", "[7"})
    void aDamagedFileIsNoList(String text) throws Exception {
        Files.writeString(folder.resolve(StartLog.FILE_NAME), text);
        assertThat(StartLog.read(home(), new Configuration()).with(START).starts())
                .containsExactly(START);
    }

    private org.apache.hadoop.fs.Path home() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }
}
