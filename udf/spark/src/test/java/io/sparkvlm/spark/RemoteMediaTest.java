package io.sparkvlm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.spark.MediaRows.Remote;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Media of other machines, through the first stage as a job runs it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // waits for events that a fault of the program may keep from happening
final class RemoteMediaTest {
    /** What no test takes. */
    private static final int PATIENT_SECONDS = 120;
    /** Met by what never ends. */
    private static final int SHORT_SECONDS = 1;

    /** Counted down for each row that comes out of the stage; tasks run in this JVM, and closures travel as bytes. */
    private static volatile CountDownLatch rowsToCome = new CountDownLatch(0);

    @TempDir
    private Path folder;

    @Test
    void slowServersTakeNothingFromTheOtherRows() throws IOException {
        byte[] picture = Files.readAllBytes(MediaRows.PICTURE);
        int rows = 400;
        CountDownLatch othersAreOut = new CountDownLatch(rows - rows / 50);
        try (SlowServer quick = SlowServer.on("127.0.0.1", picture);
                SlowServer slow = SlowServer.answeringAfter(othersAreOut, "127.0.0.2", picture)) {
            Dataset<Row> table = MediaRows.table(
                            rows, i -> i % 50 == 7 ? slow.url("/slow" + i) : quick.url("/quick" + i))
                    .coalesce(1);
            Dataset<Row> prepared =
                    VlmStages.prepare(table, MediaRows.settings(web("127.0.0.0/8", PATIENT_SECONDS), ""));
            rowsToCome = othersAreOut;
            List<Row> inTheirOrder = prepared.map(
                            (MapFunction<Row, Row>) RemoteMediaTest::counted, Encoders.row(prepared.schema()))
                    .collectAsList();

            assertThat(inTheirOrder).extracting(MediaRows::errorCode).containsOnly("");
            assertThat(inTheirOrder.subList(rows - rows / 50, rows))
                    .extracting(row -> row.<String>getAs(Columns.ROW_ID))
                    .containsExactlyInAnyOrder("r7", "r57", "r107", "r157", "r207", "r257", "r307", "r357");
        }
    }

    private static Row counted(Row row) {
        rowsToCome.countDown();
        return row;
    }

    @Test
    void aServerThatNeverEndsCostsItsOwnRowAlone() throws IOException {
        byte[] picture = Files.readAllBytes(MediaRows.PICTURE);
        try (SlowServer dripping = SlowServer.dripping("127.0.0.1", picture)) {
            Dataset<Row> table = MediaRows.table(10, i -> i == 3 ? dripping.url("/") : "scene.png")
                    .coalesce(1);
            String folder = MediaRows.PICTURE.getParent().toAbsolutePath().toString();
            List<Row> rows = VlmStages.prepare(table, MediaRows.settings(web("127.0.0.1/32", SHORT_SECONDS), folder))
                    .collectAsList();

            assertThat(rows)
                    .hasSize(10)
                    .filteredOn(row -> !MediaRows.errorCode(row).isEmpty())
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.<String>getAs(Columns.ROW_ID)).isEqualTo("r3");
                        assertThat(row.<Row>getAs(Columns.ERROR).<String>getAs("message"))
                                .contains("within 1.0 s");
                    });
        }
    }

    @Test
    void rowsKeepTheirOrderWhereNothingIsSlow() {
        Dataset<Row> table = MediaRows.table(50, i -> "nowhere" + i + ".png").coalesce(1);
        List<Row> prepared =
                VlmStages.prepare(table, MediaRows.settings(Remote.CLOSED, "")).collectAsList();

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
            List<Row> rows = VlmStages.prepare(table, MediaRows.settings(web("127.0.0.1/32", PATIENT_SECONDS), ""))
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

        int seconds = url.contains("slow") ? SHORT_SECONDS : PATIENT_SECONDS;
        Row row = MediaRows.prepared(MediaRows.settings(hadoop("stub://store/media/", seconds), ""), url);

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
        assertThatThrownBy(() -> hadoop(root, PATIENT_SECONDS).roots().open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed-media-roots");
    }

    @Test
    void aRootWithoutItsFileSystemStopsTheJob() {
        assertThatThrownBy(() ->
                        hadoop("nosuch://store/media", PATIENT_SECONDS).roots().open())
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

    private static Remote web(String cidr, int timeoutSeconds) {
        return new Remote(new WebAccess(List.of("*"), List.of(cidr)), MediaRoots.CLOSED, timeoutSeconds);
    }

    private Remote hadoop(String root, int timeoutSeconds) {
        Configuration settings = new Configuration(false);
        settings.set("fs.stub.impl", StubFileSystem.class.getName());
        settings.set("fs.s3a.impl", StubFileSystem.class.getName());
        settings.set("stub.folder", folder.resolve("store").toString());
        return new Remote(WebAccess.CLOSED, MediaRoots.of(List.of(root), settings), timeoutSeconds);
    }
}
