package io.sparkvlm.preprocessing.fetch.http;

import inet.ipaddr.IPAddress;
import io.sparkvlm.preprocessing.fetch.MediaFetcher;
import java.net.IDN;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The host that a URL names, in its one spelling: in lower case and ASCII without a dot at its end, addresses as {@code
 * 127.0.0.1} and {@code ::1} however they were written.
 *
 * @param text without brackets
 * @param address of a host that is no name
 */
record WebHost(String text, Optional<InetAddress> address) {
    /** RFC 1123's, and the underscore, which some names of storage have. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");

    private static final int MAX_NAME_CHARACTERS = 253;

    static WebHost parse(String host) throws RefusedUrlException {
        if (host.startsWith("[") && host.endsWith("]")) {
            return literal(IpText.ipv6(host.substring(1, host.length() - 1)), host);
        }
        String name = ascii(host);
        if (IpText.isIpv4(name)) {
            return literal(IpText.ipv4(name), host);
        }
        if (name.length() > MAX_NAME_CHARACTERS
                || !Stream.of(name.split("\\.", -1)).allMatch(LABEL.asMatchPredicate())) {
            throw invalid(host);
        }
        return new WebHost(name, Optional.empty());
    }

    /** The spelling in ASCII and lower case, which a canonical host has already. */
    private static String ascii(String host) throws RefusedUrlException {
        try {
            String name = IDN.toASCII(host).toLowerCase(Locale.ROOT);
            return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        } catch (IllegalArgumentException e) {
            throw invalid(host);
        }
    }

    private static WebHost literal(Optional<IPAddress> address, String host) throws RefusedUrlException {
        IPAddress found = address.orElseThrow(() -> invalid(host));
        return new WebHost(found.toCanonicalString(), Optional.of(found.toInetAddress()));
    }

    private static RefusedUrlException invalid(String host) {
        return RefusedUrlException.invalid(
                "expected a URL with the name of a host or its address, found " + MediaFetcher.shortened(host));
    }
}
