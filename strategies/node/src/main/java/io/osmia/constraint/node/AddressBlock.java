package io.osmia.constraint.node;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that share their leading bits.
 *
 * @param base one of them, 4 or 16 bytes
 * @param bits how many leading bits count
 */
record AddressBlock(byte[] base, int bits) {

    private static final String NUMBER = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(NUMBER + "(?:\\." + NUMBER + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");

    /** Reads an address, which stands for itself alone, or a network in CIDR form. */
    static Optional<AddressBlock> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text).map(base -> new AddressBlock(base, base.length * Byte.SIZE));
        }
        String prefix = text.substring(slash + 1);
        if (!PREFIX.matcher(prefix).matches()) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(prefix);
        return address(text.substring(0, slash))
                .filter(base -> bits <= base.length * Byte.SIZE)
                .map(base -> new AddressBlock(base, bits));
    }

    /** The bytes of an address; IPv4 has 4, also when it is written as IPv6. Asks no name server. */
    static Optional<byte[]> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the address is one of them. */
    boolean contains(byte[] address) {
        if (address.length != base.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            int at = bit / Byte.SIZE;
            if ((address[at] & mask) != (base[at] & mask)) {
                return false;
            }
        }
        return true;
    }
}
