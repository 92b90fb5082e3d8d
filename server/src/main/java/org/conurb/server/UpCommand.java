package org.conurb.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code up}: the program, empty and meant to last. */
@Command(name = "up", description = "Starts a city", mixinStandardHelpOptions = true)
class UpCommand implements Callable<Integer> {
    @Option(names = "--data", description = "Data folder (default: ./data, for demo ./demo-data)")
    @Nullable
    Path data;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "First of the ports that move together; 0 picks free ones")
    int port;

    @Option(names = "--city", description = "City folder; without one, a minimal city")
    @Nullable
    Path city;

    @Option(names = "--map", description = "OSM extract (.osm.pbf) or finished .pmtiles")
    @Nullable
    Path map;

    @Option(names = "--listen", defaultValue = "127.0.0.1", description = "Address to serve on")
    String listen = "127.0.0.1";

    @Option(names = "--tls-cert", description = "Certificate chain, PEM")
    @Nullable
    Path tlsCertificate;

    @Option(names = "--tls-key", description = "Private key, PEM")
    @Nullable
    Path tlsKey;

    @Option(names = "--behind-proxy", description = "A proxy of yours ends TLS and sets X-Forwarded-*")
    boolean behindProxy;

    @Option(names = "--public-url", description = "How browsers reach this site")
    @Nullable
    String publicUrl;

    @Option(names = "--allow-outbound", description = "Private HOST-OR-CIDR[:PORTS] that may be called")
    List<String> allowOutbound = List.of();

    /** Of a demo alone, as the cameras below. */
    boolean still;

    List<URI> cameras = List.of();

    @Override
    public Integer call() {
        UpSettings settings = settings(data == null ? Path.of("data") : data, Optional.ofNullable(city), false);
        if (!settings.loopback() && !behindProxy && tlsCertificate == null) {
            throw new StartFailure(
                    "Serving on %s without TLS would send passwords in the clear.".formatted(listen),
                    "Give --tls-cert and --tls-key, or --behind-proxy where a proxy of yours ends TLS.");
        }
        return new Site(settings).run();
    }

    UpSettings settings(Path folder, Optional<Path> cityFolder, boolean demo) {
        if (port < 0 || port > 65_500) {
            throw new StartFailure("--port %d is not 0 to 65500.".formatted(port), "Choose another.");
        }
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw new StartFailure("--tls-cert and --tls-key come together.", "Give both.");
        }
        return new UpSettings(
                folder.toAbsolutePath().normalize(),
                port,
                cityFolder,
                Optional.ofNullable(map),
                listen,
                Optional.ofNullable(tlsCertificate),
                Optional.ofNullable(tlsKey),
                behindProxy,
                Optional.ofNullable(publicUrl),
                List.copyOf(allowOutbound),
                demo,
                still,
                List.copyOf(cameras));
    }

    /** {@code demo}: the same program with an invented city and people in it. */
    @Command(name = "demo", description = "Starts an invented city", mixinStandardHelpOptions = true)
    static final class Demo extends UpCommand {
        @Option(names = "--still", description = "Without cameras, crews and callers of its own")
        void still(boolean wanted) {
            still = wanted;
        }

        @Option(names = "--camera", paramLabel = "rtsp://…", description = "A real camera to take in; may be repeated")
        void cameras(@Nullable List<URI> wanted) {
            cameras = wanted == null ? List.of() : wanted;
        }

        @Override
        public Integer call() {
            for (URI camera : cameras) {
                if (!List.of("rtsp", "rtsps").contains(String.valueOf(camera.getScheme()))
                        || camera.getHost() == null) {
                    throw new StartFailure(
                            "A camera given is no address of one.", "Write it as rtsp://user:password@host:554/path.");
                }
            }
            Path folder = city == null ? Home.folder("demo/alder") : city;
            return new Site(settings(data == null ? Path.of("demo-data") : data, Optional.of(folder), true)).run();
        }
    }

    /** {@code train}: starts once on a throw-away folder, is used a little, and stops, for the start-up cache. */
    @Command(name = "train", hidden = true)
    static final class Train extends UpCommand {
        @Override
        public Integer call() {
            port = 0;
            return new Site(settings(
                            data == null ? Path.of("train") : data, Optional.of(Home.folder("demo/alder")), true))
                    .train();
        }
    }
}
