package io.sparkvlm.preprocessing.fetch.http;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Decides which addresses may be dialled: the public ones, and those of the networks that the job allows. */
final class AddressRules {
    /** IANA's special-purpose registry of IPv4 but for what is reachable from everywhere. */
    private static final List<IPAddress> CLOSED_IPV4 = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10", // carriers' NAT; Alibaba's metadata
            "127.0.0.0/8",
            "168.63.129.16", // Azure's own services, though the address is a public one
            "169.254.0.0/16", // link-local; the metadata of AWS, Azure, Google
            "172.16.0.0/12",
            "192.0.0.0/24", // Oracle's metadata
            "192.0.2.0/24",
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4"); // reserved, and the broadcast address

    /** All that IANA has given out for the public; what is outside is local, mapped, or for later. */
    private static final IPAddress GLOBAL_UNICAST = networks("2000::/3").get(0);

    private static final List<IPAddress> CLOSED_IPV6 = networks(
            "2001::/23", // IETF's protocols, Teredo among them
            "2001:db8::/32",
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    /** Networks with DNS64 reach all of IPv4 through it, so that what is inside decides. */
    private static final IPAddress NAT64 = networks("64:ff9b::/96").get(0);

    private static final IPAddressGenerator ADDRESSES = new IPAddressGenerator();

    private final List<IPAddress> allowed;

    private AddressRules(List<IPAddress> allowed) {
        this.allowed = allowed;
    }

    /**
     * The public addresses and these networks.
     *
     * @throws IllegalArgumentException naming what is no network
     */
    static AddressRules allowing(List<String> cidrs) {
        return new AddressRules(networks(cidrs.toArray(String[]::new)));
    }

    boolean permits(InetAddress address) {
        return permits(ADDRESSES.from(address.getAddress()));
    }

    private boolean permits(IPAddress address) {
        if (allowed.stream().anyMatch(network -> network.contains(address))) {
            return true;
        }
        if (address.isIPv4()) {
            return CLOSED_IPV4.stream().noneMatch(network -> network.contains(address));
        }
        if (NAT64.contains(address)) {
            return permits(address.toIPv6().getEmbeddedIPv4Address());
        }
        return GLOBAL_UNICAST.contains(address) && CLOSED_IPV6.stream().noneMatch(network -> network.contains(address));
    }

    private static List<IPAddress> networks(String... cidrs) {
        return Stream.of(cidrs)
                .map(cidr -> IpText.network(cidr)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "expected a network as 10.0.0.0/8 in allowed-media-cidrs, found \"" + cidr + "\"")))
                .toList();
    }
}
