package org.conurb.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code up} and {@code demo} were asked for.
 *
 * @param port first of the ports that move together; 0 picks free ones
 * @param listen address to serve on; loopback where none is named
 * @param cameras real ones that a demo takes in, as {@code rtsp://user:password@host:port/path}
 * @param still whether a demo goes without its cameras, crews and callers
 * @param behindProxy whether a proxy of the city's own ends TLS
 */
record UpSettings(
        Path data,
        int port,
        Optional<Path> city,
        Optional<Path> map,
        String listen,
        Optional<Path> tlsCertificate,
        Optional<Path> tlsKey,
        boolean behindProxy,
        Optional<String> publicUrl,
        List<String> allowOutbound,
        boolean demo,
        boolean still,
        List<URI> cameras) {

    boolean loopback() {
        return listen.equals("127.0.0.1") || listen.equals("localhost") || listen.equals("::1");
    }
}
