package io.sparkvlm.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.job.LocalSpark;
import io.sparkvlm.job.input.files.InputFormat;
import io.sparkvlm.job.input.files.RequestFiles;
import io.sparkvlm.job.input.layout.ColumnRoles;
import io.sparkvlm.job.input.parquet.TypeConflict;
import io.sparkvlm.job.text.JobRefusedException;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetSourceTest {
    private static final String HI = "'[{\"role\":\"user\",\"content\":\"hi\"}]' as messages, ";

    @AutoClose
    private static SparkSession spark = LocalSpark.withCores(2);

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @Test
    void takesNumbersOfSeveralWidths() throws Exception {
        shard("a", HI + "0L as temperature, 1 as score, 1L as count, 2 as rank");
        shard("b", HI + "0.5D as temperature, 0.25D as score, 9007199254740993L as count, 3L as rank");
        shard("c", HI + "1D as temperature, 3 as score, 0.5D as count, 4 as rank");
        assertThat(lines())
                .containsExactly(
                        "a.parquet:0 {\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} 1.0 1.0 2",
                        "b.parquet:0 {\"temperature\":0.5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} 0.25"
                                + " 9.007199254740992E15 3",
                        "c.parquet:0 {\"temperature\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} 3.0 0.5 4");
        assertThat(notes)
                .containsExactly("the column count is bigint in a.parquet: its values beyond 2^53 are rounded, as they"
                        + " are decimals elsewhere");
    }

    @Test
    void takesTextBesidePartsAndListsBesideOneOfThem() throws Exception {
        shard("a", "array(named_struct('role', 'user', 'content', 'hi')) as messages, 'end' as stop");
        shard(
                "b",
                "array(named_struct('role', 'user', 'content', array(named_struct('type', 'text', 'text', 'hi'))))"
                        + " as messages, array('x', 'y') as stop");
        shard("c", "'[]' as messages, cast(null as string) as stop");
        assertThat(lines())
                .containsExactly(
                        "a.parquet:0 {\"stop\":\"end\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        "b.parquet:0 {\"stop\":[\"x\",\"y\"],\"messages\":[{\"role\":\"user\",\"content\":"
                                + "[{\"type\":\"text\",\"text\":\"hi\"}]}]}",
                        "c.parquet:0 {\"messages\":[]}");
        assertThat(notes).isEmpty();
    }

    @Test
    void takesColumnsAndFieldsThatSomeFilesLack() throws Exception {
        shard("a", HI + "named_struct('x', 1, 'y', array(named_struct('k', 1))) as meta, date'2024-05-01' as day");
        shard("b", HI + "named_struct('Y', array(named_struct('k', 2L, 'l', 'new')), 'z', true) as META, 7 as extra");
        shard("c", HI + "timestamp_ntz'2024-05-01 10:00:00' as Day, 'text' as extra");
        assertThat(carried().schema().simpleString())
                .contains(
                        "meta:struct<x:int,y:array<struct<k:bigint,l:string>>,z:boolean>,day:timestamp_ntz,extra:string");
        assertThat(carriedLines())
                .containsExactly(
                        "[1,ArraySeq([1,null]),null] 2024-05-01T00:00 null",
                        "[null,ArraySeq([2,new]),true] null 7",
                        "null 2024-05-01T10:00 text");
        assertThat(notes).containsExactly("the column extra is int in b.parquet: its values are written as text");
    }

    @Test
    void readsFilesThatDifferInManyWaysInFewGroups() throws Exception {
        for (int i = 0; i < 12; i++) {
            shard("f" + i, HI + "named_struct('f" + i % 4 + "', 1) as meta, " + i + " as c" + i % 3);
        }
        Dataset<Row> table = read();
        assertThat(table.queryExecution().analyzed().toString()).doesNotContain("Union");
        assertThat(table.count()).isEqualTo(12);
    }

    @Test
    void namesTheColumnAndTheFilesWhereTypesDoNotMeet() throws Exception {
        shard("a", HI + "1 as unrelated, 5 as score");
        shard("b", HI + "1L as unrelated, named_struct('value', 5) as score");
        StructType table = read().schema();
        assertThatThrownBy(() -> TypeConflict.requireNone(table, Set.of()))
                .isInstanceOf(JobRefusedException.class)
                .hasMessage("the column score is int in a.parquet and struct<value:int> in b.parquet, which no type"
                        + " holds both; leave it out with --drop-columns score, or write it as one type");
        TypeConflict.requireNone(table, Set.of("score"));
    }

    @Test
    void readsThePartsOfRequestsByTheirOwnTypesEvenWhereNoTypeHoldsThem() throws Exception {
        shard("a", "'{\"a\":1}' as body, 'x' as note");
        shard("b", "binary('{\"b\":2}') as body, 'y' as note");
        assertThat(read().schema().apply(Columns.REQUEST).dataType().simpleString())
                .isEqualTo("binary");
        assertThat(read().selectExpr("string(request_json)").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("{\"a\":1}", "{\"b\":2}");
    }

    @Test
    void takesTheNamesOfFoldersForColumnsOfOneTypeInAllFiles() throws Exception {
        shard("day=2024-05-01/kind=1/a", HI + "1 as score");
        shard("day=2024-05-02/kind=x/b", HI + "1.5D as score, 'own' as kind");
        assertThat(carried().schema().simpleString()).contains("score:double,kind:string,day:date,input_kind:string");
        assertThat(carriedLines()).containsExactly("1.0 1 2024-05-01 null", "1.5 x 2024-05-02 own");
        assertThat(notes)
                .containsExactly(
                        "the input's column kind is carried as input_kind, because another column has its name");
        assertThat(read().select("row_id").collectAsList())
                .extracting(row -> row.getString(0))
                .contains("day=2024-05-01/kind=1/a.parquet:0");
    }

    @Test
    void readsNamesThatDifferInCaseFromFileToFileAsOneColumn() throws Exception {
        shard("a", HI + "1 as score, named_struct('k', 1) as meta");
        shard("b", HI + "2L as SCORE, named_struct('K', 2) as Meta");
        assertThat(carried().schema().simpleString()).contains("score:bigint,meta:struct<k:int>");
        assertThat(carriedLines()).containsExactly("1 [1]", "2 [2]");
    }

    @Test
    void namesRowsByTheirPlaceEvenBesideAColumnOfThatName() throws Exception {
        spark.sql("select " + HI + "'mine' as _metadata from range(3)")
                .coalesce(1)
                .write()
                .parquet(folder.resolve("parts").toString());
        moveTo("a");
        assertThat(lines())
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("a.parquet:0", "a.parquet:1", "a.parquet:2");
        assertThat(carriedLines()).containsOnly("mine");
    }

    @Test
    void keepsTypesThatOnlySparkKnows() throws Exception {
        shard("a", HI + "interval '1 02:03:04' day to second as span, parse_json('{\"a\":1}') as v");
        assertThat(carried().schema().simpleString()).contains("span:interval day to second,v:variant");
        assertThat(carriedLines()).containsExactly("PT26H3M4S {\"a\":1}");
    }

    @Test
    void refusesABrokenFileInOneLineThatNamesIt() throws Exception {
        shard("a", HI + "1 as score");
        Files.writeString(folder.resolve("in/b.parquet"), "PAR1 and no more than that");
        assertThatThrownBy(this::read)
                .isInstanceOf(JobRefusedException.class)
                .hasMessage("the input's Parquet file " + folder.resolve("in/b.parquet")
                        + " is broken: it begins as Parquet and does not end so: it was cut off, or not written to its"
                        + " end");
    }

    /** A file of one row. */
    private void shard(String name, String columns) throws IOException {
        spark.sql("select " + columns)
                .coalesce(1)
                .write()
                .parquet(folder.resolve("parts").toString());
        moveTo(name);
    }

    private void moveTo(String name) throws IOException {
        Path file = folder.resolve("in/" + name + ".parquet");
        Files.createDirectories(file.getParent());
        try (Stream<Path> parts = Files.list(folder.resolve("parts"))) {
            for (Path part : parts.toList()) {
                if (part.getFileName().toString().endsWith(".parquet")
                        && !part.toFile().isHidden()) {
                    Files.move(part, file);
                } else {
                    Files.delete(part);
                }
            }
        }
        Files.delete(folder.resolve("parts"));
    }

    private Dataset<Row> read() throws JobRefusedException {
        RequestFiles files = RequestFiles.find(folder.resolve("in").toString(), InputFormat.AUTO, new Configuration());
        notes.clear();
        return RequestSources.of(files, ColumnRoles.NONE).read(spark, notes::add);
    }

    private Dataset<Row> carried() throws JobRefusedException {
        return read().drop(Columns.REQUEST);
    }

    private List<String> lines() throws JobRefusedException {
        return text(read().orderBy(Columns.ROW_ID));
    }

    private List<String> carriedLines() throws JobRefusedException {
        return text(carried().orderBy(Columns.ROW_ID).drop(Columns.ROW_ID));
    }

    private static List<String> text(Dataset<Row> table) {
        return table.collectAsList().stream().map(row -> row.mkString(" ")).toList();
    }
}
