package io.sparkvlm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.fetch.http.WebAccess;
import io.sparkvlm.spark.MediaRows.Remote;
import io.sparkvlm.spark.hadoop.MediaRoots;
import io.sparkvlm.spark.settings.PreprocessingSettings;
import io.sparkvlm.spark.table.Columns;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Media in an HDFS of its own namenode and datanode, which belongs to another user than the one who runs the job. */
final class HdfsMediaTest {
    /** What no test takes. */
    private static final int PATIENT_SECONDS = 120;
    /** Met by what does not answer: Hadoop itself would try for hours here. */
    private static final int SHORT_SECONDS = 2;

    private static final String TRIES = "100000";
    private static final UserGroupInformation OWNER =
            UserGroupInformation.createUserForTesting("hdfs", new String[] {"supergroup"});

    @TempDir
    private static java.nio.file.Path folder;

    private static MiniDFSCluster cluster;
    private static String namenode;

    @BeforeAll
    static void startHdfs() throws Exception {
        asOwner(() -> {
            Configuration settings = new Configuration();
            settings.set(
                    MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
            cluster = new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
            cluster.waitActive();
            namenode = cluster.getURI().toString();
            for (String name : List.of(
                    "/media/a.png",
                    "/media/with space.png",
                    "/media/100%.png",
                    "/media/sub/x.png",
                    "/secret.png",
                    "/mediaevil/a.png",
                    "/media/unread/a.png",
                    "/media/unreadable.png")) {
                write(name, Files.readAllBytes(MediaRows.PICTURE));
            }
            for (int i = 0; i < 20; i++) {
                write("/media/sub/" + i + ".png", Files.readAllBytes(MediaRows.PICTURE));
            }
            write("/media/large.png", new byte[MediaRows.MAX_BYTES + 1]);
            write("/media/empty.png", new byte[0]);
            FileSystem files = cluster.getFileSystem();
            files.setPermission(new Path("/media/unreadable.png"), new FsPermission("600"));
            files.setPermission(new Path("/media/unread"), new FsPermission("700"));
            return null;
        });
    }

    @AfterAll
    static void stopHdfs() {
        cluster.shutdown();
    }

    @Test
    void filesAreReadBelowTheirRootAlone() {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("/media/a.png", "");
        expected.put("//media/./sub/..//a.png?user.name=hdfs", "");
        expected.put("/media/with%20space.png", "");
        expected.put("/media/100%25.png", "");
        expected.put("/media/%61.png", "");
        expected.put("/media/nothing.png", "image_file_not_found");
        expected.put("/media/a.png/b.png", "image_file_not_found");
        expected.put("/media/sub", "image_file_not_found");
        expected.put("/media", "image_file_not_found");
        expected.put("/media/.snapshot/a.png", "image_file_not_found");
        expected.put("/media/with:colon.png", "invalid_image_url");
        expected.put("/media/unreadable.png", "image_file_not_found");
        expected.put("/media/unread/a.png", "image_file_not_found");
        expected.put("/media/unread/nothing.png", "image_file_not_found");
        expected.put("/media/large.png", "image_file_too_large");
        expected.put("/media/empty.png", "empty_image_file");
        expected.put("/secret.png", "url_not_allowed");
        expected.put("/mediaevil/a.png", "url_not_allowed");
        expected.put("/media/../secret.png", "url_not_allowed");
        expected.put("/media/%2e%2e/secret.png", "url_not_allowed");
        expected.put("/media/..%2fsecret.png", "url_not_allowed");
        expected.put("/media/%252e%252e/secret.png", "invalid_image_url");
        expected.put("/media/%zz.png", "invalid_image_url");
        expected.put("/.reserved/.inodes/16385", "url_not_allowed");
        List<String> paths = List.copyOf(expected.keySet());
        List<Row> rows = VlmStages.prepare(
                        MediaRows.table(paths.size(), i -> namenode + paths.get(i)), settings(root(), PATIENT_SECONDS))
                .collectAsList();
        Map<String, String> found = new LinkedHashMap<>();
        for (Row row : rows) {
            int index = Integer.parseInt(row.<String>getAs(Columns.ROW_ID).substring(1));
            found.put(paths.get(index), MediaRows.errorCode(row));
            if (!row.isNullAt(row.fieldIndex(Columns.ERROR))) {
                assertThat(row.<Row>getAs(Columns.ERROR).<String>getAs("message"))
                        .hasSizeLessThanOrEqualTo(300)
                        .doesNotContain("Exception", "supergroup", "fault of the program", "org.apache");
            }
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void anotherClusterIsNotAllowedAndTheUsualOneNeedsNoName() {
        assertThat(code("hdfs://elsewhere:8020/media/a.png")).isEqualTo("url_not_allowed");
        assertThat(code("hdfs:///media/a.png")).isEmpty();
        assertThat(code("web" + namenode + "/media/a.png")).isEqualTo("url_not_allowed");
    }

    @Test
    void aLinkIsFollowedNoFurtherThanItsRoot() throws Exception {
        try (Symlinks on = new Symlinks()) {
            asOwner(() -> {
                DistributedFileSystem files = cluster.getFileSystem();
                files.createSymlink(new Path("/media/a.png"), new Path("/media/inside.png"), false);
                files.createSymlink(new Path("/media/a.png"), new Path("/media/unfollowed.png"), false);
                files.createSymlink(new Path("/secret.png"), new Path("/media/outside.png"), false);
                files.createSymlink(new Path("/"), new Path("/media/top"), false);
                files.createSymlink(
                        new Path(MediaRows.PICTURE.toAbsolutePath().toUri()), new Path("/media/local.png"), false);
                files.createSymlink(new Path("/media/loop.png"), new Path("/media/loop.png"), false);
                return null;
            });
            assertThat(code(namenode + "/media/inside.png")).isEmpty();
            assertThat(code(namenode + "/media/outside.png")).isEqualTo("url_not_allowed");
            assertThat(code(namenode + "/media/top/secret.png")).isEqualTo("url_not_allowed");
            assertThat(code(namenode + "/media/local.png")).isEqualTo("url_not_allowed");
            assertThat(code(namenode + "/media/loop.png")).isNotEmpty();
        }
        // As Hadoop comes, it follows none.
        assertThat(code(namenode + "/media/unfollowed.png")).isEqualTo("failed_to_download_image");
    }

    @Test
    @Tag("long")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void whatDoesNotAnswerCostsItsOwnRowsAloneAndTheyEndInTime() throws Exception {
        assertThat(errorsOfRowsThatName(0, PATIENT_SECONDS)).containsOnly("");
        MiniDFSCluster.DataNodeProperties datanode = cluster.stopDataNode(0);
        assertThat(errorsOfRowsThatName(5, SHORT_SECONDS)).containsOnly("failed_to_download_image");
        cluster.shutdownNameNode(0);
        assertThat(errorsOfRowsThatName(10, SHORT_SECONDS)).containsOnly("failed_to_download_image");

        asOwner(() -> {
            cluster.restartNameNode(0, false);
            cluster.restartDataNode(datanode, true);
            cluster.waitActive();
            return null;
        });
        assertThat(errorsOfRowsThatName(15, PATIENT_SECONDS)).containsOnly("");
    }

    /** Five of HDFS, which have not been read yet, between others of the local disk, which are answered whatever happens. */
    private static List<String> errorsOfRowsThatName(int first, int timeoutSeconds) {
        List<String> urls = IntStream.range(0, 30)
                .mapToObj(i -> i % 6 == 3 ? namenode + "/media/sub/" + (first + i / 6) + ".png" : "scene.png")
                .toList();
        Map<String, String> codes =
                VlmStages.prepare(MediaRows.table(urls).coalesce(1), settings(root(), timeoutSeconds))
                        .collectAsList()
                        .stream()
                        .collect(Collectors.toMap(row -> row.getAs(Columns.ROW_ID), MediaRows::errorCode));
        assertThat(codes).hasSize(urls.size());
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            String code = codes.get("r" + i);
            if (i % 6 == 3) {
                errors.add(code);
            } else {
                assertThat(code).isEmpty();
            }
        }
        return errors;
    }

    private static String code(String url) {
        return MediaRows.errorCode(MediaRows.prepared(settings(root(), PATIENT_SECONDS), url));
    }

    private static String root() {
        return namenode + "/media/";
    }

    private static PreprocessingSettings settings(String root, int timeoutSeconds) {
        Configuration hadoop = new Configuration();
        hadoop.set(FileSystem.FS_DEFAULT_NAME_KEY, namenode);
        hadoop.set("ipc.client.connect.max.retries", TRIES);
        hadoop.set("dfs.client.max.block.acquire.failures", TRIES);
        return MediaRows.settings(
                new Remote(WebAccess.CLOSED, MediaRoots.of(List.of(root), hadoop), timeoutSeconds),
                MediaRows.PICTURE.getParent().toAbsolutePath().toString());
    }

    private static void write(String name, byte[] bytes) throws IOException {
        try (OutputStream out = cluster.getFileSystem().create(new Path(name))) {
            out.write(bytes);
        }
    }

    private static void asOwner(PrivilegedExceptionAction<Void> action) throws Exception {
        OWNER.doAs(action);
    }

    /** Hadoop's links, which are off in every release and can only be switched on for a whole JVM. */
    private static final class Symlinks implements AutoCloseable {
        Symlinks() {
            FileSystem.enableSymlinks();
        }

        @Override
        public void close() throws ReflectiveOperationException {
            Field enabled = FileSystem.class.getDeclaredField("symlinksEnabled");
            enabled.setAccessible(true);
            enabled.set(null, false);
        }
    }
}
