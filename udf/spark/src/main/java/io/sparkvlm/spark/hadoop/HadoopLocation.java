package io.sparkvlm.spark.hadoop;

import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The place that a URL of Hadoop's names, in the one spelling that is compared and opened: without percent-encoding,
 * {@code .}, {@code ..} and empty folders.
 *
 * @param scheme in lower case
 * @param authority as {@code namenode:8020}, {@code bucket} or {@code container@account}, in the case it was written
 *     in; empty where the scheme has none
 * @param path from the root, without a slash at its end
 */
record HadoopLocation(String scheme, String authority, String path) {
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?://([^/]*))?(/.*)?", Pattern.DOTALL);
    private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    /** What a second decoding, by a store's own client, would turn into a way out of the folder. */
    private static final Pattern ENCODED_AGAIN = Pattern.compile("(?i)%(?:2e|2f|5c|00)");

    /** Empty when it is no such URL, or one that leads above its root. */
    static Optional<HadoopLocation> parse(String url, Configuration hadoop) {
        Matcher parts = URL.matcher(url.split("[?#]", 2)[0]);
        if (!parts.matches() || LONE_PERCENT.matcher(url).find()) {
            return Optional.empty();
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String authority = Optional.ofNullable(parts.group(2)).orElse("");
        String path = decoded(Optional.ofNullable(parts.group(3)).orElse("/"));
        if (path.indexOf('\\') >= 0
                || path.chars().anyMatch(Character::isISOControl)
                || path.indexOf('\uFFFD') >= 0
                || ENCODED_AGAIN.matcher(path).find()) {
            return Optional.empty();
        }
        return normalized(path)
                .map(it -> new HadoopLocation(scheme, authority.isEmpty() ? usual(scheme, hadoop) : authority, it));
    }

    private static String decoded(String path) {
        // A plus is a plus in a path.
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Optional<String> normalized(String path) {
        Deque<String> folders = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                if (folders.isEmpty()) {
                    return Optional.empty();
                }
                folders.removeLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                folders.addLast(name);
            }
        }
        return Optional.of("/" + String.join("/", folders));
    }

    /** The authority of the default file system, where a URL of its scheme has none. */
    private static String usual(String scheme, Configuration hadoop) {
        URI usual = FileSystem.getDefaultUri(hadoop);
        return scheme.equals(usual.getScheme())
                ? Optional.ofNullable(usual.getAuthority()).orElse("")
                : "";
    }

    /** Whether this is the other, or below it: a prefix that ends where a name ends. */
    boolean isWithin(HadoopLocation root) {
        return scheme.equals(root.scheme) && authority.equalsIgnoreCase(root.authority) && isWithin(path, root.path);
    }

    /**
     * Whether a file lies here or below.
     *
     * @param file as its file system names it, which has followed the links on the way
     * @param fileSystem that was asked for it
     */
    boolean holds(Path file, URI fileSystem) {
        URI qualified = file.makeQualified(fileSystem, new Path(path)).toUri();
        return Objects.equals(qualified.getScheme(), fileSystem.getScheme())
                && Objects.equals(qualified.getAuthority(), fileSystem.getAuthority())
                && isWithin(qualified.getPath(), path);
    }

    private static boolean isWithin(String path, String folder) {
        return path.equals(folder) || path.startsWith(folder.equals("/") ? "/" : folder + "/");
    }

    /** This file with the root's authority: names of clusters are looked up in the case the job wrote. */
    HadoopLocation in(HadoopLocation root) {
        return new HadoopLocation(scheme, root.authority, path);
    }

    Path hadoopPath() {
        return new Path(scheme, authority.isEmpty() ? null : authority, path);
    }

    /** As a message or the output may say it: an authority may have a password before its @. */
    String shown() {
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return MediaFetcher.shortened(scheme + "://" + host + path);
    }
}
