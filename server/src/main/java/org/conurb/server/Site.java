package org.conurb.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.conurb.kernel.City;
import org.conurb.media.MediaWorkers;
import org.conurb.store.Database;
import org.conurb.store.EmbeddedSettings;
import org.conurb.store.FolderLock;
import org.conurb.streets.Streets;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** One site, from the command line to {@code Conurb is ready}, until it is told to stop. */
final class Site {
    private static final int SIP_CALL_PORTS = 998;
    private final UpSettings up;
    /** PostgreSQL keeps microseconds: a moment reads back as it was told. */
    private final Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));

    private final SecureRandom random = new SecureRandom();

    Site(UpSettings up) {
        this.up = up;
    }

    /** Serves until SIGTERM. */
    int run() {
        start();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** Starts, is used once, and stops: what the start-up cache is trained on. */
    int train() {
        Ports ports = start();
        AdminClient.of(up.data()).rehearse();
        return 0;
    }

    private Ports start() {
        City city = up.city().map(CityFolder::read).orElseGet(CityFolder::builtIn);
        FolderLock lock = FolderLock.claim(up.data());
        Ports ports = Ports.from(up.port(), up.listen(), random);
        if (!Ports.isFree(up.listen(), ports.http())) {
            throw portTaken(ports);
        }
        Tls tls = Tls.of(up);
        Starting starting = new Starting(() -> database(ports, lock));
        ConfigurableApplicationContext context;
        try {
            context = application(city, ports, tls, lock, starting).run();
        } catch (RuntimeException failure) {
            starting.abandon();
            throw failure;
        }
        Database database = context.getBean(Database.class);
        try {
            ports.write(
                    up,
                    tls,
                    database.cluster(),
                    context.getBean(MediaWorkers.class).udpPorts());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (up.demo()) {
            new DemoSeed(context, up).plant();
        }
        makeMap(context, city);
        announce(ports, tls);
        if (up.demo() && !up.still()) {
            startCity(ports);
        }
        return ports;
    }

    /** Our own PostgreSQL, or the one that the environment names. */
    private Database database(Ports ports, FolderLock lock) {
        return ExternalDatabase.named()
                .map(external -> external.open(clock))
                .orElseGet(
                        () -> Database.embedded(EmbeddedSettings.of(up.data(), ports.postgres(), clock, random), lock));
    }

    private SpringApplication application(City city, Ports ports, Tls tls, FolderLock lock, Starting starting) {
        SpringApplication application = new SpringApplication(ServerConfiguration.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(properties(ports, tls));
        application.addListeners((ApplicationListener<ApplicationPreparedEvent>) prepared -> DeferredLog.install());
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(City.class, () -> city);
            beans.registerBean(UpSettings.class, () -> up);
            beans.registerBean(Ports.class, () -> ports);
            beans.registerBean(Clock.class, () -> clock);
            beans.registerBean(SecureRandom.class, () -> random);
            // Kept from the garbage collector, which would let it go; beside somebody's database, nothing else holds
            // it.
            beans.registerBean(FolderLock.class, () -> lock, definition -> definition.setDestroyMethodName(null));
            beans.registerBean(Starting.class, () -> starting, definition -> definition.setDestroyMethodName(null));
        });
        return application;
    }

    private Map<String, Object> properties(Ports ports, Tls tls) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("server.port", ports.http());
        properties.put("server.address", up.listen());
        properties.put(
                "logging.file.name",
                up.data().resolve("log").resolve("conurb.log").toString());
        properties.put(
                "conurb.audit.key",
                up.data().resolve("keys").resolve("audit.key").toString());
        properties.put("conurb.identity.data", up.data().toString());
        properties.put("conurb.identity.public-url", address(ports, tls));
        properties.put("conurb.identity.role-switch", up.demo());
        properties.put("conurb.demo", up.demo() && !up.still());
        properties.put(
                "conurb.video.key",
                up.data().resolve("keys").resolve("cameras.key").toString());
        properties.put(
                "conurb.video.recording.folder", up.data().resolve("media").toString());
        properties.put(
                "conurb.video.exports.folder", up.data().resolve("exports").toString());
        properties.put("conurb.talk.folder", up.data().resolve("talk").toString());
        properties.put(
                "conurb.talk.recording.folder",
                up.data().resolve("media").resolve("talk").toString());
        properties.put(
                "conurb.talk.exports.folder", up.data().resolve("exports").toString());
        properties.put("conurb.hub.imports.folder", up.data().resolve("imports").toString());
        phones(properties, ports);
        List<String> pictures = process("pictures", "org.conurb.pictures.Pictures");
        for (int i = 0; i < pictures.size(); i++) {
            properties.put("conurb.video.pictures[%d]".formatted(i), pictures.get(i));
        }
        if (up.behindProxy()) {
            properties.put("server.forward-headers-strategy", "native");
        }
        properties.putAll(tls.properties());
        return properties;
    }

    private void phones(Map<String, Object> properties, Ports ports) {
        properties.put("conurb.talk.sip.listen", up.listen());
        properties.put("conurb.talk.sip.port", ports.sip());
        properties.put("conurb.talk.sip.tls-port", ports.sips());
        properties.put("conurb.talk.sip.first-media", ports.sipMedia());
        properties.put("conurb.talk.sip.last-media", ports.sipMedia() + SIP_CALL_PORTS);
        properties.put(
                "conurb.talk.sip.key",
                up.data().resolve("keys").resolve("sip.key").toString());
        up.tlsCertificate().ifPresent(file -> properties.put("conurb.talk.sip.certificate", file.toString()));
        up.tlsKey().ifPresent(file -> properties.put("conurb.talk.sip.certificate-key", file.toString()));
        List<String> voices = process("voices", "org.conurb.voices.Voices");
        for (int i = 0; i < voices.size(); i++) {
            properties.put("conurb.talk.sip.voices[%d]".formatted(i), voices.get(i));
        }
    }

    /** What strangers encoded is decoded in processes of their own: a hostile picture or voice must not reach into this one. */
    private static List<String> process(String module, String main) {
        Path target = Home.folder(module + "/target");
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                target.resolve(module + "-0.1.0.jar") + java.io.File.pathSeparator + target.resolve("lib") + "/*",
                main);
    }

    private String address(Ports ports, Tls tls) {
        return up.publicUrl().orElseGet(() -> {
            String host = up.loopback()
                    ? "localhost"
                    : PhoneSign.host(up.listen(), MediaAddresses.SYSTEM).orElse("localhost");
            return "%s://%s:%d".formatted(tls.on() ? "https" : "http", PhoneSign.inUrl(host), ports.http());
        });
    }

    private static StartFailure portTaken(Ports ports) {
        return new StartFailure(
                "Port %d is taken.".formatted(ports.http()),
                "Another program, or another city, serves there. Choose other ports with --port N.");
    }

    private void makeMap(ConfigurableApplicationContext context, City city) {
        Optional<Path> wanted = up.map().or(city::map);
        MapBuild build = new MapBuild(context.getBean(CityMap.class), city);
        Streets streets = context.getBean(Streets.class);
        Thread.ofPlatform().daemon().name("map").start(() -> {
            streets.open(); // so that the first call need not wait for it
            if (wanted.isEmpty()) {
                return;
            }
            Path source = wanted.get();
            try {
                if (!build.isFrom(source)) {
                    System.out.println("Making the map from " + source.getFileName() + "; all else works meanwhile.");
                    build.make(source, line -> {});
                    streets.open();
                    System.out.println("The map is ready; open consoles show it when they are loaded again.");
                }
            } catch (StartFailure failure) {
                System.err.println("No map was made: " + failure.getMessage() + "\n  " + failure.remedy());
            } catch (IOException | InterruptedException failure) {
                System.err.println("No map was made: " + failure.getMessage());
            }
        });
    }

    private void startCity(Ports ports) {
        try {
            LivingCity.start(up, ports);
        } catch (IOException | StartFailure failure) {
            System.err.println("The city stays still: " + failure.getMessage());
        }
    }

    private void announce(Ports ports, Tls tls) {
        tls.fingerprint()
                .filter(print -> tls.selfMade())
                .ifPresent(print -> System.out.println("Certificate fingerprint (SHA-256): " + print));
        if (up.demo() && (!up.loopback() || up.publicUrl().isPresent())) {
            inviteTelephones(address(ports, tls) + "/field");
        }
        System.out.println("Conurb is ready at " + address(ports, tls));
        System.out.flush();
    }

    /** The code only where somebody looks at it: a log has no use for it. */
    private static void inviteTelephones(String address) {
        System.out.println("On a phone of the same network, as one of the people above: " + address);
        if (System.console() != null && System.console().isTerminal()) {
            System.out.print(PhoneSign.code(address, System.out.charset()));
        }
    }
}
