package io.sparkvlm.preprocessing.fetch;

import io.sparkvlm.outcome.Outcome;
import io.sparkvlm.preprocessing.media.FetchedFile;
import io.sparkvlm.preprocessing.media.MediaFault;
import io.sparkvlm.preprocessing.media.MediaReference;
import io.sparkvlm.preprocessing.openai.WireText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gets the file that a request points at: out of the request itself (a data: URL, bare base64), out of a column of its
 * row ({@code column:PATH}, which holds the file or says where it is), out of a file below the one folder that is allowed (a file: URL or a name), or from
 * another machine that a {@link RemoteStore} opens. Everything else is closed.
 *
 * <p>Thread-safe: the tasks of an executor share one.
 */
public final class MediaFetcher implements AutoCloseable {
    private static final String COLUMN = "column:";
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):");
    private static final int MAX_SHOWN_CHARACTERS = 120;
    /** Longer than any path of Linux. */
    private static final int MAX_NAME_CHARACTERS = 4096;

    private final Optional<LocalFiles> localFiles;
    private final List<RemoteStore> stores;
    private final Downloads downloads;

    /** Opens the allowed folder, and no other machine. */
    public MediaFetcher(Optional<Path> allowedLocalMediaPath) throws IOException {
        this(allowedLocalMediaPath, List.of(), DownloadLimits.DEFAULT);
    }

    /**
     * Opens the allowed folder.
     *
     * @param allowedLocalMediaPath the folder below which files may be read; without one, none may
     * @param stores what may be read from other machines; closed with the fetcher
     * @throws IOException when the folder does not exist
     */
    public MediaFetcher(Optional<Path> allowedLocalMediaPath, List<RemoteStore> stores, DownloadLimits limits)
            throws IOException {
        this.localFiles = allowedLocalMediaPath.isPresent()
                ? Optional.of(new LocalFiles(allowedLocalMediaPath.get()))
                : Optional.empty();
        this.stores = List.copyOf(stores);
        this.downloads = new Downloads(limits);
    }

    /**
     * Begins to get those of a row's files that lie on other machines, before {@link #fetch} asks for them in the same
     * order.
     *
     * @param portions what fetch will be told
     */
    public ReadAhead readAhead(
            List<MediaReference> references, RowColumns columns, Function<MediaReference, Portion> portions) {
        return new ReadAhead(
                downloads,
                references.stream()
                        .flatMap(reference -> remoteFile(located(reference, columns)).stream()
                                .map(file -> new ReadAhead.Wanted(file, portions.apply(reference))))
                        .toList());
    }

    /**
     * The file of another machine that a reference names; nothing where it may not be named, which is rejected when its
     * turn comes.
     */
    private Optional<RemoteFile> remoteFile(MediaReference reference) {
        return scheme(reference.url()).flatMap(this::store).flatMap(store -> store.find(reference)
                .fold(Optional::of, rejection -> Optional.empty()));
    }

    private Optional<RemoteStore> store(String scheme) {
        return stores.stream().filter(store -> store.serves(scheme)).findFirst();
    }

    /** The scheme in lower case, of a string that is short enough for a URL. */
    private static Optional<String> scheme(String url) {
        Matcher scheme = SCHEME.matcher(url);
        return url.length() <= MAX_NAME_CHARACTERS && scheme.lookingAt()
                ? Optional.of(scheme.group(1).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** The path of a value in the row that a reference names. */
    public static Optional<String> column(MediaReference reference) {
        return reference.url().startsWith(COLUMN)
                ? Optional.of(reference.url().substring(COLUMN.length()))
                : Optional.empty();
    }

    /**
     * What a reference says itself, or what a column of text says that it names: a row's author may not name more there
     * than in the request.
     */
    private static MediaReference located(MediaReference reference, RowColumns columns) {
        return column(reference)
                .map(path -> columns.find(path)
                        .fold(
                                bytes -> reference,
                                location -> new MediaReference(location.url(), reference.kind(), reference.param()),
                                unusable -> reference))
                .orElse(reference);
    }

    /**
     * Gets one file.
     *
     * @param columns of the row
     * @param portion how much is read; a larger file is refused, most of it unread
     */
    public Outcome<FetchedFile> fetch(MediaReference reference, RowColumns columns, Portion portion) {
        return fetchLocated(located(reference, columns), columns, portion);
    }

    /** Gets one file as a whole. */
    public Outcome<FetchedFile> fetch(MediaReference reference, RowColumns columns, int maxBytes) {
        return fetch(reference, columns, Portion.whole(maxBytes));
    }

    private Outcome<FetchedFile> fetchLocated(MediaReference reference, RowColumns columns, Portion portion) {
        int maxBytes = portion.maxBytes();
        String url = reference.url();
        if (url.isBlank()) {
            return reference.rejected(MediaFault.INVALID_URL, "expected where a file is, found an empty string");
        }
        if (InlineMedia.isDataUrl(url)) {
            return fetched(InlineMedia.readDataUrl(reference, maxBytes), InlineMedia.ref(url));
        }
        if (url.startsWith(COLUMN)) {
            return fetched(column(reference, columns, maxBytes), shortened(url));
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
        Optional<String> scheme = scheme(url);
        if (scheme.isEmpty()) {
            return fetched(file(url, reference, maxBytes), shown(url));
        }
        Optional<RemoteStore> store = store(scheme.get());
        if (store.isPresent()) {
            return store.get().find(reference).flatMap(file -> download(file, reference, portion));
        }
        return scheme.get().equals("file")
                ? fetched(
                        fileUrl(url.substring(scheme.get().length() + 1), reference, maxBytes),
                        shown(withoutQuery(url)))
                : closed(scheme.get(), reference);
    }

    private Outcome<FetchedFile> download(RemoteFile file, MediaReference reference, Portion portion) {
        return downloads
                .fetch(file, portion)
                .fold(
                        received -> Outcome.ok(new FetchedFile(received.bytes(), file.ref(), received.fileBytes())),
                        failed -> reference.rejected(failed.fault(), failed.message()));
    }

    private static Outcome<FetchedFile> closed(String scheme, MediaReference reference) {
        String opening = scheme.equals("http") || scheme.equals("https")
                ? "--allowed-media-domains opens hosts"
                : "--allowed-media-roots opens folders of Hadoop's file systems";
        return reference.rejected(
                MediaFault.URL_NOT_ALLOWED, "URLs of the scheme " + shortened(scheme) + " are closed; " + opening);
    }

    private static Outcome<FetchedFile> fetched(Outcome<byte[]> bytes, String ref) {
        return bytes.map(read -> new FetchedFile(read, ref));
    }

    private static Outcome<byte[]> column(MediaReference reference, RowColumns columns, int maxBytes) {
        return columns.find(reference.url().substring(COLUMN.length()))
                .fold(
                        value -> value.bytes().length > maxBytes
                                ? reference.tooManyBytes(maxBytes, value.bytes().length)
                                : Outcome.ok(value.bytes()),
                        location -> reference.rejected(
                                MediaFault.INVALID_URL,
                                "expected bytes, a path or a URL in a column that another one names, found "
                                        + shown(location.url())),
                        unusable -> reference.rejected(MediaFault.INVALID_URL, unusable.reason()));
    }

    /** Reads the file of a file: URL, of which {@code rest} is what follows the scheme. */
    private Outcome<byte[]> fileUrl(String rest, MediaReference reference, int maxBytes) {
        String path = withoutQuery(rest);
        if (path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            String host = path.substring(2, slash < 0 ? path.length() : slash);
            if (!host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
                return reference.rejected(
                        MediaFault.URL_NOT_ALLOWED,
                        "expected file:///path, found a file: URL of a host: "
                                + shortened(host.substring(host.lastIndexOf('@') + 1)));
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

    /** A file's name without what may be a secret of a URL that was taken for a name: its query, and its user. */
    public static String shown(String name) {
        return shortened(name.split("\\?", 2)[0].replaceFirst("^//[^/@]*@", "//"));
    }

    /** As much of what a request said as a message has room for. */
    public static String shortened(String text) {
        return WireText.shortened(MAX_SHOWN_CHARACTERS, text)
                .codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Ends the downloads that are on their way. */
    @Override
    public void close() {
        downloads.close();
        stores.forEach(RemoteStore::close);
    }
}
