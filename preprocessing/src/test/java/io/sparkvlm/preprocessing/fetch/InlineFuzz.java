package io.sparkvlm.preprocessing.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkvlm.preprocessing.Messages;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaKind;
import io.sparkvlm.preprocessing.media.MediaReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whatever is written, what a request carries or names is a file or an error: data: URLs, bare base64, columns, and the
 * names of files, which are closed. A fuzzer brings it.
 */
public final class InlineFuzz {
    private static final int MAX_BYTES = 1 << 10;
    private static final byte[] COLUMN = {2};
    private static final MediaFetcher FETCHER = closed();

    private InlineFuzz() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "data:image/png;base64,iVBORw0KGgo=",
                        "DATA:;BASE64 ,iVBOR w0K\nGgo",
                        "data:;base64,iVBORw0KGg%3D%3D",
                        "data:text/plain,%20a%C3%A9",
                        "data:,",
                        "column:picture",
                        "file://localhost/a%20b?c#d",
                        "s3a://bucket/a?b",
                        "../a",
                        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
                        "_9j_4AAQSkZJRgABAQAAAQABAAD-2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkS")
                .map(url -> url.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        String url = new String(bytes, StandardCharsets.UTF_8);
        FETCHER.fetch(
                        new MediaReference(url, MediaKind.IMAGE, "param"),
                        new BinaryColumns(Map.of("picture", COLUMN)),
                        MAX_BYTES)
                .fold(file -> assertThat(file.bytes()).as(url).hasSizeLessThanOrEqualTo(MAX_BYTES), rejection -> {
                    Messages.assertClean(rejection, url + decodedPath(url));
                    return assertThat(rejection.param()).contains("param");
                });
        if (bytes.length <= MAX_BYTES) {
            assertThat(read("data:;base64," + Base64.getEncoder().encodeToString(bytes)))
                    .as("base64 of %s", Arrays.toString(bytes))
                    .isEqualTo(bytes);
        }
    }

    /** As a file: URL's is shown. */
    private static String decodedPath(String url) {
        return PercentEncoding.decodeText(url.split("[?#]", 2)[0]).orElse("");
    }

    private static byte[] read(String url) {
        return FETCHER.fetch(new MediaReference(url, MediaKind.IMAGE, "param"), BinaryColumns.NONE, MAX_BYTES)
                .fold(FetchedFile::bytes, rejection -> {
                    throw new AssertionError(rejection.message());
                });
    }

    private static MediaFetcher closed() {
        try {
            return new MediaFetcher(Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
