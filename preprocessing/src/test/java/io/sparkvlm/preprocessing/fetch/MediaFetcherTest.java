package io.sparkvlm.preprocessing.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkvlm.outcome.ErrorCode;
import io.sparkvlm.outcome.MediaCode;
import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.outcome.Rejection;
import io.sparkvlm.preprocessing.image.Pictures;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaLimits;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaFetcherTest {
    private static final String PARAM = "messages[1].content[0].image_url.url";
    private static final int MAX_BYTES = MediaLimits.DEFAULT.maxFileBytes();

    @TempDir
    private Path temporary;

    private Path folder;
    private byte[] png;
    private byte[] jpeg;

    @BeforeEach
    void layOutFiles() throws IOException {
        folder = Files.createDirectory(temporary.resolve("media"));
        png = Pictures.read("images/rgba.png");
        jpeg = Pictures.read("images/plain.jpg");
        Files.write(folder.resolve("picture.png"), png);
        Files.write(folder.resolve("with space é.png"), png);
        Files.write(temporary.resolve("secret.png"), png);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png;base64,",
                "DATA:image/png;BASE64,",
                "data:;base64,",
                "data:image/jpeg;x=y;base64,"
            })
    void readsBase64OfDataUrlsWhateverTheirLabelSays(String prefix) throws IOException {
        FetchedFile file = taken(closed().fetch(at(prefix + base64(png)), BinaryColumns.NONE, MAX_BYTES));

        assertThat(file.bytes()).isEqualTo(png);
    }

    @Test
    void aNameThatIsAUrlIsShownWithoutItsSecrets() {
        assertThat(MediaFetcher.shown("//user:pw@host/a.png?sig=1")).isEqualTo("//host/a.png");
        assertThat(MediaFetcher.shown("folder/user@home.png")).isEqualTo("folder/user@home.png");
    }

    @Test
    void readsBase64ThatIsPercentEncodedBrokenIntoLinesUnpaddedOrOfTheUrlAlphabet() throws IOException {
        String base64 = base64(jpeg);
        String encoded = base64.replace("+", "%2B").replace("/", "%2F").replace("=", "%3d");
        String lines = Base64.getMimeEncoder().encodeToString(jpeg);
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(jpeg);

        for (String data : new String[] {encoded, lines, url, base64.replace("=", "")}) {
            assertThat(taken(closed().fetch(at("data:image/jpeg;base64," + data), BinaryColumns.NONE, MAX_BYTES))
                            .bytes())
                    .isEqualTo(jpeg);
        }
    }

    @Test
    void readsPercentEncodedBytesOfDataUrls() throws IOException {
        StringBuilder data = new StringBuilder("data:image/png,");
        for (byte b : png) {
            data.append(
                    b > ' ' && b != '%' && b != '#' && b < 127
                            ? String.valueOf((char) b)
                            : "%%%02x".formatted(b & 0xFF));
        }

        assertThat(taken(closed().fetch(at(data.toString()), BinaryColumns.NONE, MAX_BYTES))
                        .bytes())
                .isEqualTo(png);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.jpg", "rgb.png", "lossy.webp", "plain.gif", "animated.gif", "rgb.bmp"})
    void knowsBareBase64ByItsFirstBytes(String name) throws IOException {
        byte[] bytes = Pictures.read("images/" + name);

        FetchedFile file = taken(closed().fetch(at(base64(bytes)), BinaryColumns.NONE, MAX_BYTES));

        assertThat(file.bytes()).isEqualTo(bytes);
        assertThat(file.ref()).isEqualTo("base64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data:image/png;base64 | INVALID_IMAGE_URL | no comma",
                "data:image/png;base64,iVBO*Rw0 | INVALID_BASE64_IMAGE | alphabet",
                "data:image/png;base64,iVBORw0KG | INVALID_BASE64_IMAGE | cut off",
                "data:image/png,%8 | INVALID_IMAGE_URL | hexadecimal",
                "data:image/png,%zz | INVALID_IMAGE_URL | hexadecimal",
                "'' | INVALID_IMAGE_URL | empty",
                "http://example.com/a.png?token=1 | URL_NOT_ALLOWED | http",
                "https://example.com/a.png | URL_NOT_ALLOWED | https",
                "hdfs://nameservice/a.png | URL_NOT_ALLOWED | hdfs",
                "s3a://bucket/a.png | URL_NOT_ALLOWED | s3a",
                "javascript:alert(1) | URL_NOT_ALLOWED | javascript",
                "picture.png | URL_NOT_ALLOWED | --allowed-local-media-path",
                "/etc/passwd | URL_NOT_ALLOWED | --allowed-local-media-path",
                "file:///etc/passwd | URL_NOT_ALLOWED | --allowed-local-media-path",
                "column:image | INVALID_IMAGE_URL | image"
            })
    void refusesWhatIsClosedOrUnreadable(String url, ErrorCode code, String inMessage) throws IOException {
        Rejection rejection = refused(closed().fetch(at(url), BinaryColumns.NONE, MAX_BYTES));

        assertThat(rejection.code()).isEqualTo(code);
        assertThat(rejection.message()).contains(inMessage).doesNotContain("token=1");
        assertThat(rejection.param()).contains(PARAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"picture.png", "./picture.png", "sub/../picture.png", "file:picture.png"})
    void readsNamesBelowTheAllowedFolder(String name) throws IOException {
        FetchedFile file = taken(open().fetch(at(name), BinaryColumns.NONE, MAX_BYTES));

        assertThat(file.bytes()).isEqualTo(png);
        assertThat(file.ref()).isEqualTo(name);
    }

    @Test
    void readsAbsoluteNamesAndFileUrlsBelowTheAllowedFolder() throws IOException {
        String path = folder.resolve("picture.png").toString();
        String spaced = folder.resolve("with space é.png").toString();

        for (String url : new String[] {
            path,
            "file://" + path,
            "file:" + path,
            "FILE://localhost" + path,
            "file://" + path + "?signature=secret#there",
            "file://" + spaced.replace(" ", "%20").replace("é", "%C3%A9"),
            "file://" + spaced.replace(" ", "%20"),
            spaced
        }) {
            FetchedFile file = taken(open().fetch(at(url), BinaryColumns.NONE, MAX_BYTES));
            assertThat(file.bytes()).isEqualTo(png);
            assertThat(file.ref()).doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.png",
                "sub/../../secret.png",
                "/etc/passwd",
                "file:///etc/passwd",
                "file:%2e%2e/secret.png",
                "../nothing"
            })
    void refusesNamesThatLeaveTheAllowedFolder(String name) throws IOException {
        Rejection rejection = refused(open().fetch(at(name), BinaryColumns.NONE, MAX_BYTES));

        assertThat(rejection.code()).isEqualTo(MediaCode.URL_NOT_ALLOWED);
        assertThat(rejection.message()).doesNotContain(temporary.toString());
    }

    @Test
    void refusesLinksThatLeaveTheAllowedFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("innocent.png"), temporary.resolve("secret.png"));
        Files.createSymbolicLink(folder.resolve("inside"), temporary);
        Files.createSymbolicLink(folder.resolve("kernel"), Path.of("/proc/self/environ"));

        for (String name : new String[] {"innocent.png", "inside/secret.png", "kernel"}) {
            assertThat(refused(open().fetch(at(name), BinaryColumns.NONE, MAX_BYTES))
                            .code())
                    .isEqualTo(MediaCode.URL_NOT_ALLOWED);
        }
    }

    @Test
    void followsLinksThatStayInTheAllowedFolderAndTheFolderItselfMayBeOne() throws IOException {
        Files.createSymbolicLink(folder.resolve("alias.png"), folder.resolve("picture.png"));
        Path alias = Files.createSymbolicLink(temporary.resolve("alias"), folder);
        MediaFetcher fetcher = new MediaFetcher(Optional.of(alias));

        for (Path name :
                new Path[] {Path.of("alias.png"), alias.resolve("picture.png"), folder.resolve("picture.png")}) {
            assertThat(taken(fetcher.fetch(at(name.toString()), BinaryColumns.NONE, MAX_BYTES))
                            .bytes())
                    .isEqualTo(png);
        }
    }

    @Test
    void refusesWhatIsNoRegularFileWithoutOpeningIt() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        MediaFetcher everything = new MediaFetcher(Optional.of(Path.of("/")));

        assertThat(refused(open().fetch(at("pipe"), BinaryColumns.NONE, MAX_BYTES))
                        .message())
                .contains("regular file");
        assertThat(refused(open().fetch(at("."), BinaryColumns.NONE, MAX_BYTES)).message())
                .contains("regular file");
        for (String name : new String[] {"/dev/zero", "/proc/self/environ", "/sys/kernel/notes"}) {
            assertThat(refused(everything.fetch(at(name), BinaryColumns.NONE, MAX_BYTES))
                            .code())
                    .isIn(MediaCode.URL_NOT_ALLOWED, MediaCode.IMAGE_FILE_NOT_FOUND);
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whoeverSwapsAFolderForALinkWhileItIsReadGetsNothingFromOutside() throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("a.png"), "secret");
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Files.writeString(sub.resolve("a.png"), "open");
        Path aside = folder.resolve("aside");
        Path link = Files.createSymbolicLink(folder.resolve("link"), outside);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        Thread swapping = new Thread(() -> {
            try {
                while (!over.get()) {
                    Files.move(sub, aside);
                    Files.move(link, sub);
                    Files.move(sub, link);
                    Files.move(aside, sub);
                    swaps.incrementAndGet();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        swapping.start();
        MediaFetcher fetcher = open();
        int taken = 0;
        int tries = 0;
        while (tries < 20_000 || swaps.get() < 5_000 || taken == 0) {
            tries++;
            String found = fetcher.fetch(at("sub/a.png"), BinaryColumns.NONE, MAX_BYTES)
                    .fold(file -> new String(file.bytes(), StandardCharsets.US_ASCII), Rejection::message);
            assertThat(found).doesNotContain("secret");
            taken += found.equals("open") ? 1 : 0;
        }
        over.set(true);
        swapping.join();
    }

    @Test
    void whatAFolderOpensByAnotherNameStaysClosed() throws IOException {
        MediaFetcher everything = new MediaFetcher(Optional.of(Path.of("/")));
        Files.createSymbolicLink(folder.resolve("root"), Path.of("/proc/self/root"));
        Files.createSymbolicLink(folder.resolve("descriptors"), Path.of("/dev/fd"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));

        for (String name : new String[] {
            "root/etc/passwd",
            "descriptors/0",
            "loop",
            "file:///proc/self/environ",
            "file:////etc/passwd",
            "/./etc/passwd",
            "file:/%2e%2e/etc/passwd",
            "file:///etc%2fpasswd",
            "..\\secret.png",
            "file:..%5csecret.png"
        }) {
            assertThat(refused(open().fetch(at(name), BinaryColumns.NONE, MAX_BYTES))
                            .code())
                    .as(name)
                    .isIn(MediaCode.URL_NOT_ALLOWED, MediaCode.IMAGE_FILE_NOT_FOUND);
        }
        for (String name : new String[] {
            "/proc/self/environ",
            "/proc/self/root/proc/self/environ",
            "/dev/stdin",
            "/dev/fd/0",
            "/dev/null",
            "/proc/kcore"
        }) {
            assertThat(refused(everything.fetch(at(name), BinaryColumns.NONE, MAX_BYTES))
                            .code())
                    .as(name)
                    .isIn(MediaCode.URL_NOT_ALLOWED, MediaCode.IMAGE_FILE_NOT_FOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing.png", "picture.png/below", "file:nothing.png"})
    void saysWhichFileIsMissing(String name) throws IOException {
        Rejection rejection = refused(open().fetch(at(name), BinaryColumns.NONE, MAX_BYTES));

        assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_FILE_NOT_FOUND);
        assertThat(rejection.message()).contains(name.replace("file:", "")).doesNotContain(temporary.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"media/picture.png", "./media/below/picture.png", "file:media/picture.png"})
    void saysThatANameBeginsWithTheFolderItself(String name) throws IOException {
        assertThat(refused(open().fetch(at(name), BinaryColumns.NONE, MAX_BYTES))
                        .message())
                .endsWith(
                        ": names are relative to the folder of --allowed-local-media-path, which ends in media already")
                .doesNotContain(temporary.toString());
    }

    @Test
    void refusesNamesThatNoFileCanHave() throws IOException {
        assertThat(refused(open().fetch(at("a\0b.png"), BinaryColumns.NONE, MAX_BYTES))
                        .code())
                .isEqualTo(MediaCode.INVALID_IMAGE_URL);
        assertThat(refused(open().fetch(at("x".repeat(300)), BinaryColumns.NONE, MAX_BYTES))
                        .code())
                .isEqualTo(MediaCode.IMAGE_FILE_NOT_FOUND);
        assertThat(refused(open().fetch(at("x".repeat(5000)), BinaryColumns.NONE, MAX_BYTES))
                        .code())
                .isEqualTo(MediaCode.INVALID_IMAGE_URL);
        assertThat(refused(open().fetch(at("file://me:secret@elsewhere/picture.png"), BinaryColumns.NONE, MAX_BYTES)))
                .isEqualTo(Rejection.at(
                        PARAM,
                        MediaCode.URL_NOT_ALLOWED,
                        "expected file:///path, found a file: URL of a host: elsewhere"));
    }

    @Test
    void refusesFilesAndPayloadsAboveTheLimit() throws IOException {
        MediaFetcher fetcher = open();

        for (String url : new String[] {"picture.png", "column:c", "data:;base64," + base64(png), base64(png)}) {
            Rejection rejection = refused(fetcher.fetch(at(url), new BinaryColumns(Map.of("c", png)), png.length - 1));
            assertThat(rejection.code()).isEqualTo(MediaCode.IMAGE_FILE_TOO_LARGE);
            assertThat(rejection.message()).contains(String.valueOf(png.length - 1));
        }
    }

    @Test
    void readsBinaryColumns() throws IOException {
        FetchedFile file =
                taken(closed().fetch(at("column:photo"), new BinaryColumns(Map.of("photo", png)), MAX_BYTES));

        assertThat(file.bytes()).isSameAs(png);
        assertThat(file.ref()).isEqualTo("column:photo");
    }

    @Test
    void takesWhatAColumnOfTextSaysUnderTheRulesForWhatARequestSays() throws IOException {
        RowColumns row = texts(Map.of(
                "name", "picture.png",
                "outside", "../../etc/passwd",
                "web", "http://169.254.169.254/latest",
                "empty", "",
                "other", "column:name",
                "inline", base64(png)));

        FetchedFile file = taken(open().fetch(at("column:name"), row, MAX_BYTES));
        assertThat(file.bytes()).isEqualTo(png);
        assertThat(file.ref()).isEqualTo("picture.png");
        assertThat(taken(closed().fetch(at("column:inline"), row, MAX_BYTES)).bytes())
                .isEqualTo(png);
        assertThat(refused(closed().fetch(at("column:name"), row, MAX_BYTES)).code())
                .isEqualTo(MediaCode.URL_NOT_ALLOWED);
        assertThat(refused(open().fetch(at("column:outside"), row, MAX_BYTES)).code())
                .isEqualTo(MediaCode.URL_NOT_ALLOWED);
        assertThat(refused(open().fetch(at("column:web"), row, MAX_BYTES)).code())
                .isEqualTo(MediaCode.URL_NOT_ALLOWED);
        assertThat(refused(open().fetch(at("column:empty"), row, MAX_BYTES)).message())
                .contains("empty string");
        Rejection twice = refused(open().fetch(at("column:other"), row, MAX_BYTES));
        assertThat(twice.code()).isEqualTo(MediaCode.INVALID_IMAGE_URL);
        assertThat(twice.message()).contains("found picture.png");
        assertThat(refused(open().fetch(at("column:none"), row, MAX_BYTES)).message())
                .isEqualTo("there is no none");
    }

    private static RowColumns texts(Map<String, String> byName) {
        return new RowColumns() {
            @Override
            public ColumnValue find(String path) {
                return byName.containsKey(path)
                        ? new ColumnValue.Location(byName.get(path))
                        : new ColumnValue.Unusable("there is no " + path);
            }

            @Override
            public long bytes() {
                return 0;
            }
        };
    }

    @Test
    void writesNoPayloadInRefsOrMessages() throws IOException {
        String payload = base64(jpeg);

        assertThat(taken(closed().fetch(at("data:image/JPEG;base64," + payload), BinaryColumns.NONE, MAX_BYTES))
                        .ref())
                .isEqualTo("data:image/jpeg");
        assertThat(taken(closed().fetch(at("data:," + percentEncoded(jpeg)), BinaryColumns.NONE, MAX_BYTES))
                        .ref())
                .isEqualTo("data:");
        assertThat(refused(closed().fetch(at("data:image/png;base64,!" + payload), BinaryColumns.NONE, MAX_BYTES))
                        .message())
                .hasSizeLessThan(Rejection.MAX_MESSAGE_LENGTH)
                .doesNotContain(payload.substring(0, 20));
    }

    @Test
    void whatFollowsAQuestionMarkIsOpenedButNotShown() throws IOException {
        Files.write(folder.resolve("picture.png?token=secret"), png);

        assertThat(taken(open().fetch(at("picture.png?token=secret"), BinaryColumns.NONE, MAX_BYTES))
                        .ref())
                .isEqualTo("picture.png");
        for (String url : new String[] {"nothing.png?token=secret", "../a.png?token=secret", "/a?token=secret"}) {
            assertThat(refused(open().fetch(at(url), BinaryColumns.NONE, MAX_BYTES))
                            .message())
                    .doesNotContain("secret");
            assertThat(refused(closed().fetch(at(url), BinaryColumns.NONE, MAX_BYTES))
                            .message())
                    .doesNotContain("secret");
        }
    }

    @Test
    void fullWidthDigitsAreNoPercentEncoding() throws IOException {
        assertThat(refused(open().fetch(at("file:a%\uFF12\uFF10b.png"), BinaryColumns.NONE, MAX_BYTES))
                        .code())
                .isEqualTo(MediaCode.INVALID_IMAGE_URL);
    }

    @Test
    void aNameInAMessageIsCutBetweenCharacters() throws IOException {
        assertThat(refused(open().fetch(at("a" + "😀".repeat(200)), BinaryColumns.NONE, MAX_BYTES))
                        .message())
                .endsWith("a" + "😀".repeat(119) + "…");
    }

    @Test
    void aFileOfSeveralRowsIsReadOnceWhateverTheyCallIt() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.png"), folder.resolve("picture.png"));
        MediaFetcher fetcher = open();
        byte[] first = taken(fetcher.fetch(at("picture.png"), BinaryColumns.NONE, MAX_BYTES))
                .bytes();

        for (String name :
                new String[] {"picture.png", "./picture.png", "link.png", "file://" + folder + "/picture.png"}) {
            assertThat(taken(fetcher.fetch(at(name), BinaryColumns.NONE, MAX_BYTES))
                            .bytes())
                    .isSameAs(first);
        }
        assertThat(refused(fetcher.fetch(at("picture.png"), BinaryColumns.NONE, png.length - 1))
                        .code())
                .isEqualTo(MediaCode.IMAGE_FILE_TOO_LARGE);
    }

    @Test
    void aFileThatHasChangedIsReadAgain() throws IOException {
        MediaFetcher fetcher = open();
        Path file = folder.resolve("picture.png");
        FileTime modified = Files.getLastModifiedTime(file);
        byte[] other = png.clone();
        other[other.length - 1]++;
        taken(fetcher.fetch(at("picture.png"), BinaryColumns.NONE, MAX_BYTES));

        Files.write(file, other);
        Files.setLastModifiedTime(file, FileTime.fromMillis(modified.toMillis() + 10));
        assertThat(taken(fetcher.fetch(at("picture.png"), BinaryColumns.NONE, MAX_BYTES))
                        .bytes())
                .isEqualTo(other);

        // Another file of the same size and time in its place.
        Path next = Files.write(folder.resolve("next.png"), png);
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(taken(fetcher.fetch(at("picture.png"), BinaryColumns.NONE, MAX_BYTES))
                        .bytes())
                .isEqualTo(png);

        Files.write(file, new byte[0]);
        assertThat(taken(fetcher.fetch(at("picture.png"), BinaryColumns.NONE, MAX_BYTES))
                        .bytes())
                .isEmpty();
    }

    @Test
    void codesOfFramesHaveTheVideoFlavour() throws IOException {
        MediaReference frame = new MediaReference(
                "data:image/png;base64,*", MediaKind.VIDEO, "messages[0].content[0].video_url.url[2]");

        Rejection rejection = refused(closed().fetch(frame, BinaryColumns.NONE, MAX_BYTES));

        assertThat(rejection.code()).isEqualTo(MediaCode.INVALID_BASE64_VIDEO);
        assertThat(rejection.param()).contains("messages[0].content[0].video_url.url[2]");
    }

    @Test
    void allowedFolderThatIsMissingStopsTheJob() {
        assertThatThrownBy(() -> new MediaFetcher(Optional.of(temporary.resolve("nothing"))))
                .isInstanceOf(NoSuchFileException.class);
    }

    private MediaFetcher closed() throws IOException {
        return new MediaFetcher(Optional.empty());
    }

    private MediaFetcher open() throws IOException {
        return new MediaFetcher(Optional.of(folder));
    }

    private static MediaReference at(String url) {
        return new MediaReference(url, MediaKind.IMAGE, PARAM);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String percentEncoded(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append("%%%02X".formatted(b & 0xFF));
        }
        return text.toString();
    }

    private static FetchedFile taken(Outcome<FetchedFile> outcome) {
        return outcome.fold(image -> image, rejection -> {
            throw new AssertionError(rejection.message());
        });
    }

    private static Rejection refused(Outcome<FetchedFile> outcome) {
        return outcome.fold(
                image -> {
                    throw new AssertionError("taken: " + image.ref());
                },
                rejection -> rejection);
    }
}
