package io.sparkvlm.preprocessing.fetch.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host to those of its addresses that may be dialled. The client asks for each connection and dials what it
 * is told: a name that resolves otherwise a moment later changes nothing.
 */
final class CheckedResolver implements DnsResolver {
    private final DnsResolver names;
    private final AddressRules rules;

    CheckedResolver(DnsResolver names, AddressRules rules) {
        this.names = names;
        this.rules = rules;
    }

    /** Says that no address of the host may be dialled. */
    static final class RefusedAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] permitted =
                Stream.of(addresses(host)).filter(rules::permits).toArray(InetAddress[]::new);
        if (permitted.length == 0) {
            throw new RefusedAddressException();
        }
        return permitted;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return Stream.of(resolve(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** A literal address is not looked up: a name server might answer for it, too. */
    private InetAddress[] addresses(String host) throws UnknownHostException {
        Optional<InetAddress> literal =
                (IpText.isIpv4(host) ? IpText.ipv4(host) : IpText.ipv6(host)).map(address -> address.toInetAddress());
        return literal.isPresent() ? new InetAddress[] {literal.get()} : names.resolve(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
