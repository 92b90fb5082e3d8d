package org.conurb.video;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.City;
import org.conurb.outbound.OutboundPolicy;

/**
 * Where cameras may be: the city's camera networks, and what {@code --allow-outbound} names. Asked when a camera is
 * added, so that a mistake is told at once, and by the recorder for the address that it connects to.
 */
final class CameraNetworks implements CameraAddresses {
    private static final int RTSP = 554;
    private static final int RTSPS = 322;

    private final OutboundPolicy networks;
    private final OutboundPolicy allowed;

    CameraNetworks(City city, OutboundPolicy allowed) {
        List<String> ranges =
                city.cameraNetworks().stream().map(City.CameraNetwork::cidr).toList();
        this.networks = OutboundPolicy.parse(ranges);
        this.allowed = allowed;
    }

    @Override
    public boolean allows(String host, InetAddress address, int port) {
        return networks.names(host, address, port) || allowed.names(host, address, port);
    }

    /**
     * Resolves the camera's host, which may take a while.
     *
     * @throws BadRequest where it has no address, or one outside
     */
    void demand(CameraAddress camera) {
        camera.main().ifPresent(this::demand);
        camera.sub().ifPresent(this::demand);
    }

    private void demand(URI uri) {
        String host = uri.getHost();
        int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("rtsps") ? RTSPS : RTSP;
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!allows(host, address, port)) {
                    throw new BadRequest(
                            "camera-network",
                            "%s is in none of the city's camera networks.".formatted(host),
                            "Name its network under camera-networks in the city folder, or start with "
                                    + "--allow-outbound %s:%d.".formatted(host, port));
                }
            }
        } catch (UnknownHostException e) {
            throw new BadRequest(
                    "camera-host",
                    "%s has no address.".formatted(host),
                    "Check the name, or write the camera's IP address.");
        }
    }
}
