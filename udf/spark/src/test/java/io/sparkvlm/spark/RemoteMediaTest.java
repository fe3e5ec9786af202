package io.sparkvlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.settings.PreprocessingSettings.RemoteSettings;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Media of other machines, through the first stage as a job runs it. */
final class RemoteMediaTest {
    private static final int TIMEOUT_SECONDS = 2;

    @TempDir
    private Path folder;

    @Test
    void slowServersTakeNothingFromTheOtherRows() throws IOException {
        byte[] picture = Files.readAllBytes(MediaRows.PICTURE);
        int rows = 400;
        try (SlowServer quick = SlowServer.on("127.0.0.1", picture);
                SlowServer slow = SlowServer.on("127.0.0.2", picture)) {
            PreprocessingSettings settings = MediaRows.settings(web("127.0.0.0/8"), "");
            timed(settings, 20, i -> quick.url("/warm" + i));
            Timed before = timed(settings, rows, i -> quick.url("/a" + i));
            Timed beside = timed(settings, rows, i -> i % 50 == 7 ? slow.url("/slow" + i) : quick.url("/b" + i));
            Timed after = timed(settings, rows, i -> quick.url("/c" + i));

            assertThat(before.errors).isEmpty();
            assertThat(beside.errors).hasSize(rows / 50).allMatch(error -> error.contains("within 2.0 s"));
            System.out.printf(
                    "rows a second: %.0f before, %.0f of the others beside slow servers, %.0f after; all in %s%n",
                    before.goodPerSecond(), beside.goodPerSecond(), after.goodPerSecond(), beside.whole);
            // In turn, each slow row would hold up the others for two seconds.
            assertThat(beside.goodPerSecond())
                    .isGreaterThan(0.9 * Math.min(before.goodPerSecond(), after.goodPerSecond()));
            assertThat(beside.whole.minus(beside.lastGood)).isLessThan(Duration.ofSeconds(TIMEOUT_SECONDS + 1));
        }
    }

    @Test
    void rowsKeepTheirOrderWhereNothingIsSlow() {
        Dataset<Row> table = MediaRows.table(50, i -> "nowhere" + i + ".png").coalesce(1);
        List<Row> prepared = VlmStages.prepare(table, MediaRows.settings(RemoteSettings.CLOSED, ""))
                .collectAsList();

        assertThat(prepared)
                .extracting(row -> row.<String>getAs(Columns.ROW_ID))
                .containsExactlyElementsOf(table.collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList());
    }

    @Test
    void oneUrlInManyRowsOfManyTasksIsGotOnce() throws IOException {
        try (SlowServer server = SlowServer.on("127.0.0.1", Files.readAllBytes(MediaRows.PICTURE))) {
            Dataset<Row> table =
                    MediaRows.table(60, i -> server.url("/same.png#" + i)).repartition(4);
            List<Row> rows = VlmStages.prepare(table, MediaRows.settings(web("127.0.0.1/32"), ""))
                    .collectAsList();

            assertThat(rows).hasSize(60).allMatch(row -> row.isNullAt(row.fieldIndex(Columns.ERROR)));
            assertThat(server.asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stub://store/media/a.png | ''",
                "STUB://STORE/media/a.png | ''",
                "stub://store//media/./x/..//a.png?token=secret | ''",
                "stub://store/media/with%20space.png | ''",
                "stub://store/media/%61.png | ''",
                "stub://store/media/nothing.png | image_file_not_found",
                "stub://store/media/sub | image_file_not_found",
                "stub://store/media | image_file_not_found",
                "stub://store/media/large.png | image_file_too_large",
                "stub://store/media/slow.png | failed_to_download_image",
                "stub://store/secret.png | url_not_allowed",
                "stub://store/mediaevil/a.png | url_not_allowed",
                "stub://store/media/../secret.png | url_not_allowed",
                "stub://store/media/%2e%2e/secret.png | url_not_allowed",
                "stub://store/media/..%2fsecret.png | url_not_allowed",
                "stub://store/media/%252e%252e/secret.png | invalid_image_url",
                "stub://store/media/..%5csecret.png | invalid_image_url",
                "stub://store/media/../../../secret.png | invalid_image_url",
                "stub://store/media/a%00.png | invalid_image_url",
                "stub://store/media/%zz.png | invalid_image_url",
                "stub://store/media/%c0%ae%c0%ae/secret.png | invalid_image_url",
                "stub://other/media/a.png | url_not_allowed",
                "stub://user:hunter2@store/media/a.png | url_not_allowed",
                "stub://store@evil/media/a.png | url_not_allowed",
                "stub://store:80/media/a.png | url_not_allowed",
                "stub:/media/a.png | url_not_allowed",
                "stub:media/a.png | invalid_image_url",
                "hdfs://store/media/a.png | url_not_allowed",
                "s3a://store/media/a.png | url_not_allowed",
                "file:///etc/passwd | url_not_allowed",
                "http://store/media/a.png | url_not_allowed"
            })
    void hadoopsFilesAreReadBelowTheirRootsAlone(String url, String code) throws IOException {
        Path store = Files.createDirectory(folder.resolve("store"));
        for (String name : List.of(
                "media/sub/x.png",
                "media/a.png",
                "media/with space.png",
                "media/slow.png",
                "secret.png",
                "mediaevil/a.png")) {
            Files.createDirectories(store.resolve(name).getParent());
            Files.copy(MediaRows.PICTURE, store.resolve(name));
        }
        Files.write(store.resolve("media/large.png"), new byte[(1 << 20) + 1]);
        StubFileSystem.ASKED.clear();

        Row row = MediaRows.prepared(MediaRows.settings(hadoop("stub://store/media/"), ""), url);

        if (code.isEmpty()) {
            assertThat(row.isNullAt(row.fieldIndex(Columns.ERROR)))
                    .as(row.toString())
                    .isTrue();
            assertThat(row.<Row>getList(row.fieldIndex("media")).get(0).getString(1))
                    .doesNotContain("secret");
        } else {
            Row error = row.getAs(Columns.ERROR);
            assertThat(error.<String>getAs("code")).isEqualTo(code);
            assertThat(error.<String>getAs("message"))
                    .hasSizeLessThanOrEqualTo(300)
                    .doesNotContain("hunter2", folder.toString(), "Exception");
        }
        assertThat(StubFileSystem.ASKED).allMatch(path -> path.startsWith("stub://store/media"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///tmp", "http://example.org/", "https://example.org/", "media", "s3a://b/../..", "/data"})
    void aRootThatWouldGoAroundTheOtherGuardsStopsTheJob(String root) {
        assertThatThrownBy(() -> hadoop(root).roots().open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed-media-roots");
    }

    @Test
    void aRootWithoutItsFileSystemStopsTheJob() {
        assertThatThrownBy(() -> hadoop("nosuch://store/media").roots().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nosuch");
    }

    @Test
    void credentialsOfHadoopAreNotWrittenDown() {
        Configuration settings = new Configuration(false);
        settings.set("fs.s3a.secret.key", "hunter2");
        assertThat(MediaRoots.of(List.of("s3a://bucket"), settings).toString()).doesNotContain("hunter2");
        assertThat(MediaRoots.of(List.of(), settings)).isEqualTo(MediaRoots.CLOSED);
    }

    /** How long rows took to come out, of one task. */
    private static final class Timed {
        private final List<String> errors = new ArrayList<>();
        private int good;
        private Duration lastGood = Duration.ZERO;
        private Duration whole = Duration.ZERO;

        double goodPerSecond() {
            return good / (lastGood.toNanos() / 1e9);
        }
    }

    private static Timed timed(PreprocessingSettings settings, int count, IntFunction<String> urls) {
        Dataset<Row> table = MediaRows.table(count, urls).coalesce(1);
        Timed timed = new Timed();
        // Stamped as they come out of the stage.
        Dataset<Row> prepared = VlmStages.prepare(table, settings);
        List<Row> stamped = prepared.mapPartitions(
                        new Stamps(prepared.schema().fieldIndex(Columns.ERROR)), Encoders.row(Stamps.SCHEMA))
                .collectAsList();
        long start = stamped.stream().mapToLong(row -> row.getLong(1)).min().orElseThrow();
        for (Row row : stamped) {
            Duration after = Duration.ofNanos(row.getLong(2) - start);
            timed.whole = after.compareTo(timed.whole) > 0 ? after : timed.whole;
            if (row.isNullAt(0)) {
                timed.good++;
                timed.lastGood = after.compareTo(timed.lastGood) > 0 ? after : timed.lastGood;
            } else {
                timed.errors.add(row.getString(0));
            }
        }
        return timed;
    }

    /** A row's error, when the partition began, and when the row came. */
    private record Stamps(int error) implements MapPartitionsFunction<Row, Row> {
        /** Of an error's fields; rows have no schema before they have crossed an exchange. */
        private static final int MESSAGE = 2;

        private static final StructType SCHEMA = new StructType()
                .add("error", DataTypes.StringType)
                .add("start", DataTypes.LongType)
                .add("came", DataTypes.LongType);

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            long start = System.nanoTime();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public Row next() {
                    Row row = rows.next();
                    return RowFactory.create(
                            row.isNullAt(error) ? null : row.getStruct(error).getString(MESSAGE),
                            start,
                            System.nanoTime());
                }
            };
        }
    }

    private static RemoteSettings web(String cidr) {
        return new RemoteSettings(List.of("*"), List.of(cidr), MediaRoots.CLOSED, TIMEOUT_SECONDS);
    }

    private RemoteSettings hadoop(String root) {
        Configuration settings = new Configuration(false);
        settings.set("fs.stub.impl", StubFileSystem.class.getName());
        settings.set("fs.s3a.impl", StubFileSystem.class.getName());
        settings.set("stub.folder", folder.resolve("store").toString());
        return new RemoteSettings(List.of(), List.of(), MediaRoots.of(List.of(root), settings), TIMEOUT_SECONDS);
    }
}
