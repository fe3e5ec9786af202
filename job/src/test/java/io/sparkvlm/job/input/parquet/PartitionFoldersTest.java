package io.sparkvlm.job.input.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PartitionFoldersTest {
    private static final Path BASE = new Path("file:/data/in=1");

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    1                         | -20                        | bigint
                    __HIVE_DEFAULT_PARTITION__ | 1                         | bigint
                    2024-05-01                | 0001-12-31                 | date
                    01                        | 2                          | string
                    -0                        | 1                          | string
                    9223372036854775808       | 1                          | string
                    1.000                     | 2.50                       | string
                    12%3A00%3A00              | 13%3A30%3A00               | string
                    2024-05-01%2010%3A00%3A00 | 2024-05-02                 | string
                    2024-5-1                  | 2024-05-02                 | string
                    2024-02-30                | 2024-05-02                 | string
                    ''                        | 1                          | string
                    __HIVE_DEFAULT_PARTITION__ | __HIVE_DEFAULT_PARTITION__ | string
                    """,
            delimiter = '|')
    void haveNumbersAndDatesWhereTheyAreWrittenAsSuchOnly(String first, String second, String type) {
        assertThat(schema("k=" + first, "k=" + second)).isEqualTo("struct<k:" + type + ">");
    }

    @Test
    void nameTheColumnsBelowTheInputOnly() {
        assertThat(schema("day=2024-05-01/kind=a", "day=2024-05-02", "other/=x"))
                .isEqualTo("struct<day:date,kind:string>");
        assertThat(schema("b%C3%A4r=1", "100%=2")).isEqualTo("struct<bär:bigint,100%:bigint>");
    }

    private static String schema(String... folders) {
        List<Path> files = Stream.of(folders)
                .map(folder -> new Path(BASE, folder + "/a.parquet"))
                .toList();
        return PartitionFolders.of(BASE, files).columns().simpleString();
    }
}
