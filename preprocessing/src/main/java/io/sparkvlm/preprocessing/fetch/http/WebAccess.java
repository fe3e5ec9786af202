package io.sparkvlm.preprocessing.fetch.http;

import java.io.Serializable;
import java.util.List;

/**
 * The hosts that requests may name, and the addresses at which they may be dialled.
 *
 * @param domains {@code allowed-media-domains}: names, {@code *.example.org} for all below a name, or {@code *} for all
 *     hosts; none by default
 * @param cidrs {@code allowed-media-cidrs}: networks that may be dialled beside the public ones, as
 *     {@code 10.1.0.0/16}; none by default
 */
public record WebAccess(List<String> domains, List<String> cidrs) implements Serializable {
    /** No host at all. */
    public static final WebAccess CLOSED = new WebAccess(List.of(), List.of());

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException naming what is no name and no network
     */
    public WebAccess {
        domains = List.copyOf(domains);
        cidrs = List.copyOf(cidrs);
        DomainRules.of(domains);
        AddressRules.allowing(cidrs);
    }

    public boolean isOpen() {
        return !domains.isEmpty();
    }
}
