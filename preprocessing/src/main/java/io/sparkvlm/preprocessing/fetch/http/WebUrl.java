package io.sparkvlm.preprocessing.fetch.http;

import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import io.sparkvlm.preprocessing.media.MediaFault;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL of the web. It is taken apart once, and dialled as it was taken apart, so that no second parser can read it
 * otherwise. A fragment is dropped: it was never for the server.
 *
 * @param scheme http or https
 * @param port from 1 to 65535: a host that is allowed is allowed whole, and ports say nothing of what listens there
 * @param target path and query, percent-encoded
 */
record WebUrl(String scheme, WebHost host, int port, String target) {
    private static final Pattern URL = Pattern.compile("(?i:(https?)):(//([^/?#]*)([^#]*).*)?.*", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]*\\]|[^:\\[\\]]+)(?::([0-9]{0,5}))?");
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    /** Characters that stand in a path or query as they are; browsers encode the rest. */
    private static final String AS_IT_IS = "/?:@!$&'()*+,;=-._~%";

    private static final int MAX_PORT = 65535;

    static WebUrl parse(String url) throws RefusedUrlException {
        // Each is read as something else by one parser or another.
        if (url.chars().anyMatch(c -> c < ' ' || c == '\\' || (c >= 0x7F && c < 0xA0))) {
            throw RefusedUrlException.invalid("expected a URL, found one with a control character or a backslash");
        }
        Matcher parts = URL.matcher(url);
        if (!parts.matches() || parts.start(2) < 0) {
            throw RefusedUrlException.invalid("expected https://host/path, found a URL without //");
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        if (parts.group(3).indexOf('@') >= 0) {
            throw new RefusedUrlException(
                    MediaFault.URL_NOT_ALLOWED,
                    "expected a URL without a user's name or password, found one with an @");
        }
        Matcher authority = AUTHORITY.matcher(parts.group(3));
        if (!authority.matches()) {
            throw RefusedUrlException.invalid(
                    "expected a URL with a host, perhaps with a port, found " + MediaFetcher.shortened(parts.group(3)));
        }
        return new WebUrl(scheme, WebHost.parse(authority.group(1)), port(scheme, authority), target(parts.group(4)));
    }

    private static int port(String scheme, Matcher authority) throws RefusedUrlException {
        if (authority.start(2) < 0 || authority.group(2).isEmpty()) {
            return scheme.equals("https") ? 443 : 80;
        }
        int port = Integer.parseInt(authority.group(2));
        if (port < 1 || port > MAX_PORT) {
            throw RefusedUrlException.invalid("expected a port from 1 to " + MAX_PORT + ", found " + port);
        }
        return port;
    }

    private static String target(String pathAndQuery) {
        StringBuilder target = new StringBuilder(pathAndQuery.startsWith("/") ? "" : "/");
        for (byte b : pathAndQuery.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean kept = (c < 0x80 && Character.isLetterOrDigit(c)) || AS_IT_IS.indexOf(c) >= 0;
            target.append(kept ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return target.toString();
    }

    /** Where a Location header of this URL's answer leads. */
    WebUrl redirected(String location) throws RefusedUrlException {
        if (ABSOLUTE.matcher(location).matches()) {
            return parse(location);
        }
        if (location.startsWith("//")) {
            return parse(scheme + ":" + location);
        }
        if (location.startsWith("/")) {
            return parse(origin() + location);
        }
        String path = target.split("\\?", 2)[0];
        return parse(origin()
                + (location.startsWith("?") || location.startsWith("#") || location.isEmpty()
                        ? path
                        : path.substring(0, path.lastIndexOf('/') + 1))
                + location);
    }

    private String origin() {
        String name = host.text().indexOf(':') < 0 ? host.text() : "[" + host.text() + "]";
        boolean usual = port == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + name + (usual ? "" : ":" + port);
    }

    /** The whole, in its one spelling. */
    String text() {
        return origin() + target;
    }

    /** Without query, as a message or the output may say it. */
    String shown() {
        return MediaFetcher.shown(text());
    }
}
