package io.sparkvlm.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutputStateTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "NEW,",
        "NEW, _sparkvlm/lock",
        "NEW, _temporary/0/task_1/part-0.parquet _sparkvlm.json ._sparkvlm.json.crc",
        "RESUMABLE, _sparkvlm.json part-0.parquet .part-0.parquet.crc",
        "RESUMABLE, _sparkvlm.json _sparkvlm/table/part-0.parquet",
        "RESUMABLE, _sparkvlm.json _sparkvlm/table/part-0.parquet output.jsonl",
        "FINISHED, _sparkvlm.json part-0.parquet _SUCCESS ._SUCCESS.crc",
        "FINISHED, _sparkvlm.json output.jsonl errors.jsonl _SUCCESS",
        "HALF_COMMITTED, part-0.parquet _temporary/0/task_1/part-1.parquet",
        "HALF_COMMITTED, part-0.parquet",
        "FOREIGN, part-0.parquet _SUCCESS",
        "FOREIGN, _sparkvlm.json part-0.parquet notes.txt",
        "FOREIGN, .hidden",
        "FOREIGN, _metadata",
    })
    void isJudgedByTheNamesOfTheFiles(OutputState state, String files) throws IOException {
        Path output = folder.resolve("out");
        for (String file : files == null ? new String[0] : files.split(" ")) {
            Path path = output.resolve(file);
            Files.createDirectories(path.getParent());
            Files.createFile(path);
        }
        assertThat(OutputState.of(
                        FileSystem.getLocal(new Configuration()).getRaw(),
                        new org.apache.hadoop.fs.Path(output.toUri())))
                .isEqualTo(state);
    }
}
