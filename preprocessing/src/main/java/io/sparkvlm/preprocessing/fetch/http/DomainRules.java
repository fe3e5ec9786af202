package io.sparkvlm.preprocessing.fetch.http;

import java.util.List;

/** Decides which hosts a request may name. */
final class DomainRules {
    private static final String ALL = "*";
    private static final String BELOW = "*.";

    private final List<String> patterns;

    private DomainRules(List<String> patterns) {
        this.patterns = patterns;
    }

    /** @throws IllegalArgumentException naming what is no pattern */
    static DomainRules of(List<String> domains) {
        return new DomainRules(domains.stream().map(DomainRules::canonical).toList());
    }

    boolean permit(WebHost host) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, host));
    }

    private static boolean matches(String pattern, WebHost host) {
        if (pattern.startsWith(BELOW)) {
            // With the dot, so that evil-example.org is not below example.org.
            return host.address().isEmpty() && host.text().endsWith(pattern.substring(1));
        }
        return pattern.equals(ALL) || pattern.equals(host.text());
    }

    private static String canonical(String domain) {
        if (domain.equals(ALL)) {
            return ALL;
        }
        String prefix = domain.startsWith(BELOW) ? BELOW : "";
        try {
            WebHost host = WebHost.parse(domain.substring(prefix.length()));
            if (prefix.isEmpty() || host.address().isEmpty()) {
                return prefix + host.text();
            }
        } catch (RefusedUrlException e) {
            // Said below, with what may be written here.
        }
        throw new IllegalArgumentException(
                "expected a host's name, *.example.org or * in allowed-media-domains, found \"" + domain + "\"");
    }
}
