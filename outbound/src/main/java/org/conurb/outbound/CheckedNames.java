package org.conurb.outbound;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a name once and hands out only addresses that the policy allows; the client connects to these very
 * addresses, so a name that changes between check and use (DNS rebinding) gains nothing. One forbidden address among
 * several refuses all: a name that points inside is not a mistake we want to work around.
 */
final class CheckedNames implements DnsResolver {
    private final OutboundPolicy policy;
    private final NameLookup lookup;

    CheckedNames(OutboundPolicy policy, NameLookup lookup) {
        this.policy = policy;
        this.lookup = lookup;
    }

    /** How names become addresses; the system's, or a test's. */
    interface NameLookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        InetAddress[] addresses = lookup.all(host);
        for (InetAddress address : addresses) {
            if (!policy.allows(host, address, port)) {
                throw OutboundRefused.place(host, port);
            }
        }
        return Arrays.stream(addresses)
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    @Override
    public InetAddress[] resolve(String host) {
        throw new UnsupportedOperationException("Without a port nothing can be decided");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
