package io.sparkvlm.preprocessing.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.Mutations;
import io.sparkvlm.preprocessing.fetch.BinaryColumns;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.image.png.MetadataFuzz;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a medium is read in Java takes any bytes: it says what is wrong, and throws nothing but what it declares. */
class MediaMutationsTest {
    private static final String SECRET = "token=s3cr3t";

    @TempDir
    private Path temporary;

    @Test
    void aChangedPictureIsOneOrAnError() throws IOException {
        Mutations mutations = new Mutations();
        List<byte[]> pictures = PictureFuzz.seeds("");
        int taken = 0;
        for (int i = 0; i < Mutations.COUNT; i++) {
            taken += PictureFuzz.isTaken(mutations.of(pictures)) ? 1 : 0;
        }
        assertThat(taken).isBetween(1, Mutations.COUNT);
    }

    @Test
    void changedMetadataTurnThePictureOrDoNot() throws IOException {
        Mutations mutations = new Mutations();
        List<byte[]> pictures = PictureFuzz.seeds("");
        for (int i = 0; i < Mutations.COUNT; i++) {
            MetadataFuzz.fuzzerTestOneInput(mutations.of(pictures));
        }
    }

    @Test
    void aChangedUrlIsAFileOfTheFolderOrAnErrorThatKeepsItsSecret() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("media"));
        Files.write(folder.resolve("a"), new byte[] {1});
        Files.writeString(temporary.resolve("b"), "outside");
        MediaFetcher fetcher = new MediaFetcher(Optional.of(folder));
        Mutations mutations = new Mutations();
        List<byte[]> urls = urls();
        for (int i = 0; i < Mutations.COUNT; i++) {
            String url = new String(mutations.of(urls), StandardCharsets.UTF_8);
            fetcher.fetch(
                            new MediaReference(url, MediaKind.IMAGE, "param"),
                            new BinaryColumns(Map.of("picture", new byte[] {2})),
                            PictureFuzz.SMALL.maxFileBytes())
                    .fold(
                            file -> assertThat(new String(file.bytes(), StandardCharsets.UTF_8))
                                    .as(url)
                                    .isNotEqualTo("outside"),
                            rejection -> {
                                Messages.assertClean(rejection, url);
                                assertThat(rejection.message()).as(url).doesNotContain(temporary.toString());
                                // A control character is shown as a question mark, too.
                                assertThat(url.contains("?" + SECRET)
                                                && rejection.message().contains("?" + SECRET))
                                        .as(url)
                                        .isFalse();
                                return assertThat(rejection.param()).contains("param");
                            });
        }
    }

    private static List<byte[]> urls() {
        return Stream.of(
                        "data:image/png;base64,iVBORw0KGgo=",
                        "data:text/plain,%20a%C3%A9",
                        "file:///../b?" + SECRET,
                        "file:a#" + SECRET,
                        "file:%2e%2e/b?" + SECRET,
                        "file://localhost/a",
                        "../b",
                        "./a",
                        "column:picture",
                        "http://[::ffff:127.0.0.1]/?" + SECRET,
                        "s3a://bucket/a?" + SECRET,
                        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk")
                .map(url -> url.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
