package org.conurb.server;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the media ports listen, and by which addresses browsers are told to reach them: those that the city names, then
 * this machine's own.
 */
record MediaAddresses(InetAddress bind, List<InetAddress> candidates) {
    private static final Logger LOG = LoggerFactory.getLogger(MediaAddresses.class);
    /** A browser tries each of them. */
    private static final int MOST = 16;

    /** What the machine and its resolver know; the system's, or a test's. */
    interface Network {
        InetAddress[] resolve(String host) throws UnknownHostException;

        List<InetAddress> own();
    }

    static MediaAddresses of(UpSettings up, MediaSettings settings, Network network) {
        Optional<String> publicHost =
                up.publicUrl().map(url -> String.valueOf(URI.create(url).getHost()));
        List<InetAddress> told = settings.publicAddress().isEmpty()
                ? publicHost.map(host -> tried(host, network)).orElse(List.of())
                : settings.publicAddress().stream()
                        .flatMap(host -> named(host, network).stream())
                        .toList();
        boolean reached = told.isEmpty()
                ? publicHost.isPresent()
                : told.stream().anyMatch(address -> !address.isLoopbackAddress());
        boolean beyond = up.behindProxy() && reached;
        String listen = !settings.listen().isEmpty() ? settings.listen() : beyond ? "0.0.0.0" : up.listen();
        InetAddress bind = one(listen, network);
        Set<InetAddress> candidates = new LinkedHashSet<>();
        told.stream()
                .filter(address -> !address.isLoopbackAddress() || bind.isLoopbackAddress())
                .forEach(candidates::add);
        candidates.addAll(bind.isAnyLocalAddress() ? own(bind, network) : List.of(bind));
        return new MediaAddresses(bind, candidates.stream().limit(MOST).toList());
    }

    /** All addresses of a wildcard's family; of a machine without a network, the loopback. */
    private static List<InetAddress> own(InetAddress wildcard, Network network) {
        boolean four = wildcard instanceof java.net.Inet4Address;
        List<InetAddress> own = network.own().stream()
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .filter(address -> !four || address instanceof java.net.Inet4Address)
                .toList();
        return own.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : own;
    }

    private static InetAddress one(String listen, Network network) {
        return named(listen, network).getFirst();
    }

    private static List<InetAddress> named(String host, Network network) {
        try {
            return Arrays.asList(network.resolve(host));
        } catch (UnknownHostException unknown) {
            throw new StartFailure(
                    "Media cannot be reached at %s: nobody knows that name.".formatted(host),
                    "Name an address in conurb.media.public-address, or mend conurb.media.listen.");
        }
    }

    /** The host of the public address may be known to browsers only. */
    private static List<InetAddress> tried(String host, Network network) {
        try {
            return Arrays.asList(network.resolve(host));
        } catch (UnknownHostException unknown) {
            LOG.atWarn()
                    .addKeyValue("host", host)
                    .log("media.public-url-unknown: name an address in conurb.media.public-address");
            return List.of();
        }
    }

    static final Network SYSTEM = new Network() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return InetAddress.getAllByName(host);
        }

        @Override
        public List<InetAddress> own() {
            List<InetAddress> own = new ArrayList<>();
            try {
                NetworkInterface.networkInterfaces()
                        .filter(MediaAddresses::up)
                        .forEach(card -> card.inetAddresses().forEach(own::add));
            } catch (SocketException none) {
                LOG.atWarn().setCause(none).log("media.interfaces-unknown");
            }
            return own;
        }
    };

    private static boolean up(NetworkInterface card) {
        try {
            return card.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }
}
