package io.sparkvlm.preprocessing.fetch.http;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the address or network that a text spells, in all of the ways that inet_aton knows: octal, hexadecimal, joined.
 */
final class IpText {
    /** The URL Standard's: such a host is an address or nothing, and never a name. */
    private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

    private static final IPAddressStringParameters ONE_ADDRESS =
            parameters().allowPrefix(false).allow_inet_aton(true).toParams();
    private static final IPAddressStringParameters NETWORK =
            parameters().allowPrefix(true).allow_inet_aton(false).toParams();

    private IpText() {}

    private static IPAddressStringParameters.Builder parameters() {
        IPAddressStringParameters.Builder parameters = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowAll(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        parameters.getIPv6AddressParametersBuilder().allowZone(false).allowBase85(false);
        return parameters;
    }

    /** Whether a host in lower case is to be read as an address of IPv4. */
    static boolean isIpv4(String host) {
        return ENDS_IN_A_NUMBER.matcher(host).matches();
    }

    static Optional<IPAddress> ipv4(String host) {
        return address(host, ONE_ADDRESS).filter(IPAddress::isIPv4);
    }

    /** @param text without brackets */
    static Optional<IPAddress> ipv6(String text) {
        return address(text, ONE_ADDRESS).filter(IPAddress::isIPv6);
    }

    /** A network as {@code 10.0.0.0/8}, or a single address. */
    static Optional<IPAddress> network(String text) {
        return address(text, NETWORK).map(it -> it.isPrefixed() ? it.toPrefixBlock() : it);
    }

    private static Optional<IPAddress> address(String text, IPAddressStringParameters parameters) {
        return Optional.ofNullable(new IPAddressString(text, parameters).getAddress());
    }
}
