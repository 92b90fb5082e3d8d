package org.conurb.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A CIDR range of IPv4 or IPv6 addresses. IPv6 addresses that carry an IPv4 one (mapped, compatible, NAT64, 6to4) are
 * judged as the one they carry.
 *
 * @param network 4 or 16 bytes
 * @param prefix 0..32 or 0..128
 */
record AddressRange(byte[] network, int prefix) {
    /** What is not a public unicast address (IANA special-purpose registries, RFC 6890 and its updates). */
    private static final List<AddressRange> NOT_PUBLIC_V4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16", // link-local, and where clouds keep their metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** Only 2000::/3 is given out as global unicast; these parts of it are not. */
    private static final AddressRange GLOBAL_V6 = range("2000::/3");

    private static final List<AddressRange> NOT_PUBLIC_V6 = ranges("2001::/23", "2001:db8::/32", "3fff::/20");

    private static final AddressRange NAT64 = range("64:ff9b::/96");
    private static final AddressRange COMPATIBLE = range("::/96");

    static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            int mapped = bytes.length == 4 && address.indexOf(':') >= 0 ? 96 : 0;
            int prefix = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1)) - mapped;
            boolean fits = prefix >= 0 && prefix <= bytes.length * 8 && !address.contains("%");
            return fits ? Optional.of(new AddressRange(bytes, prefix)) : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    /** Whether this is a public unicast address, of either family. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = carried(address.getAddress());
        if (bytes.length == 4) {
            return NOT_PUBLIC_V4.stream().noneMatch(range -> range.holds(bytes));
        }
        return GLOBAL_V6.holds(bytes) && NOT_PUBLIC_V6.stream().noneMatch(range -> range.holds(bytes));
    }

    boolean contains(InetAddress address) {
        return holds(address.getAddress()) || holds(carried(address.getAddress()));
    }

    private boolean holds(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((address[bit >> 3] & mask) != (network[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The IPv4 address inside an IPv6 one, else the same. {@code ::} and {@code ::1} become 0.0.0.0 and 0.0.0.1. */
    private static byte[] carried(byte[] address) {
        if (address.length == 4) {
            return address;
        }
        if (address[0] == 0x20 && address[1] == 0x02) {
            return Arrays.copyOfRange(address, 2, 6);
        }
        boolean mapped = isMapped(address);
        return mapped || NAT64.holds(address) || COMPATIBLE.holds(address)
                ? Arrays.copyOfRange(address, 12, 16)
                : address;
    }

    private static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == (byte) 0xff && address[11] == (byte) 0xff;
    }

    private static List<AddressRange> ranges(String... texts) {
        return Arrays.stream(texts).map(AddressRange::range).toList();
    }

    private static AddressRange range(String text) {
        return parse(text).orElseThrow();
    }
}
