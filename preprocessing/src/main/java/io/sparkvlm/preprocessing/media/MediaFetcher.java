package io.sparkvlm.preprocessing.media;

import io.sparkvlm.api.Outcome;
import io.sparkvlm.preprocessing.openai.WireText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gets the file that a request points at: out of the request itself (a data: URL, bare base64), out of
 * a binary column of its row ({@code column:NAME}), or out of a file below the one folder that is allowed (a file: URL
 * or a name). Everything else is closed.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public final class MediaFetcher {
    private static final String COLUMN = "column:";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):");
    private static final int MAX_SHOWN_CHARACTERS = 120;
    /** Longer than any path of Linux. */
    private static final int MAX_NAME_CHARACTERS = 4096;

    private final Optional<LocalFiles> localFiles;

    /**
     * Opens the allowed folder.
     *
     * @param allowedLocalMediaPath the folder below which files may be read; without one, none may
     * @throws IOException when the folder does not exist
     */
    public MediaFetcher(Optional<Path> allowedLocalMediaPath) throws IOException {
        this.localFiles = allowedLocalMediaPath.isPresent()
                ? Optional.of(new LocalFiles(allowedLocalMediaPath.get()))
                : Optional.empty();
    }

    /**
     * Gets one file.
     *
     * @param binaryColumns the row's BINARY columns by name; a column that is null in this row is not among them
     * @param maxBytes how much is read at most; a larger file is refused, most of it unread
     */
    public Outcome<FetchedFile> fetch(MediaReference reference, Map<String, byte[]> binaryColumns, int maxBytes) {
        String url = reference.url();
        if (url.isBlank()) {
            return reference.rejected(MediaFault.INVALID_URL, "expected where a file is, found an empty string");
        }
        if (InlineMedia.isDataUrl(url)) {
            return fetched(InlineMedia.readDataUrl(reference, maxBytes), InlineMedia.ref(url));
        }
        if (url.startsWith(COLUMN)) {
            return fetched(column(reference, binaryColumns, maxBytes), shortened(url));
        }
        if (InlineMedia.isBareBase64(url)) {
            return fetched(InlineMedia.readBase64(url, reference, maxBytes), "base64");
        }
        if (url.length() > MAX_NAME_CHARACTERS) {
            return reference.rejected(
                    MediaFault.INVALID_URL,
                    "expected a URL, a file's name or base64, found " + url.length()
                            + " characters that are none of them");
        }
        Matcher scheme = SCHEME.matcher(url);
        if (!scheme.lookingAt()) {
            return fetched(file(url, reference, maxBytes), shown(url));
        }
        String name = scheme.group(1).toLowerCase(Locale.ROOT);
        if (!name.equals("file")) {
            return reference.rejected(
                    MediaFault.URL_NOT_ALLOWED,
                    "expected a data: or file: URL, base64, a file's name or column:NAME, found a URL of the scheme "
                            + shortened(name) + ", which is closed");
        }
        return fetched(fileUrl(url.substring(scheme.end()), reference, maxBytes), shown(withoutQuery(url)));
    }

    private static Outcome<FetchedFile> fetched(Outcome<byte[]> bytes, String ref) {
        return bytes.map(read -> new FetchedFile(read, ref));
    }

    private static Outcome<byte[]> column(MediaReference reference, Map<String, byte[]> binaryColumns, int maxBytes) {
        String name = reference.url().substring(COLUMN.length());
        byte[] value = binaryColumns.get(name);
        if (Objects.isNull(value)) {
            return reference.rejected(
                    MediaFault.INVALID_URL,
                    "expected a BINARY column that is not null, found none named " + shortened(name));
        }
        return value.length > maxBytes ? reference.tooManyBytes(maxBytes, value.length) : Outcome.ok(value);
    }

    /** What follows {@code file:}. */
    private Outcome<byte[]> fileUrl(String rest, MediaReference reference, int maxBytes) {
        String path = withoutQuery(rest);
        if (path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            String host = path.substring(2, slash < 0 ? path.length() : slash);
            if (!host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
                return reference.rejected(
                        MediaFault.URL_NOT_ALLOWED,
                        "expected file:///path, found a file: URL of the host " + shortened(host));
            }
            path = slash < 0 ? "" : path.substring(slash);
        }
        String encoded = path;
        return PercentEncoding.decodeText(path)
                .map(name -> file(name, reference, maxBytes))
                .orElseGet(() -> reference.rejected(
                        MediaFault.INVALID_URL, "expected a percent-encoded path, found " + shortened(encoded)));
    }

    private Outcome<byte[]> file(String name, MediaReference reference, int maxBytes) {
        return localFiles
                .map(files -> files.read(name, reference, maxBytes))
                .orElseGet(() -> reference.rejected(
                        MediaFault.URL_NOT_ALLOWED,
                        "local files are closed; --allowed-local-media-path opens a folder; found " + shown(name)));
    }

    private static String withoutQuery(String url) {
        return url.split("[?#]", 2)[0];
    }

    /** A file's name without what follows a question mark, which may be a secret of a URL that was taken for a name. */
    static String shown(String name) {
        return shortened(name.split("\\?", 2)[0]);
    }

    /** As much of what a request said as a message has room for. */
    static String shortened(String text) {
        return WireText.shortened(MAX_SHOWN_CHARACTERS, text)
                .codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
