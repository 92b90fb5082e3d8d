package org.conurb.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a demo that is not Conurb: cameras, crews and callers of the invented city, in a process of their own that
 * knows the site by its public doors alone. It ends when its standard input does, and so never outlives the site.
 */
final class LivingCity implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LivingCity.class);

    private final Process process;

    private LivingCity(Process process) {
        this.process = process;
    }

    static LivingCity start(UpSettings up, Ports ports) throws IOException {
        Path target = Home.folder("demo/target");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        target.resolve("demo-0.1.0.jar") + java.io.File.pathSeparator + target.resolve("lib") + "/*",
                        "org.conurb.demo.Demo",
                        "live",
                        "--child",
                        "true",
                        "--data",
                        up.data().toString(),
                        "--rtsp-port",
                        String.valueOf(ports.demoCameras()),
                        "--control-port",
                        String.valueOf(ports.demoControl())))
                .redirectErrorStream(true)
                .start();
        LivingCity city = new LivingCity(process);
        Runtime.getRuntime().addShutdownHook(new Thread(city::close));
        Thread.ofPlatform().daemon().name("living-city").start(city::listen);
        return city;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.atInfo().addKeyValue("said", line).log("demo.city");
            }
            log.atInfo().log("demo.city-ended");
        } catch (IOException e) {
            log.atDebug().setCause(e).log("demo.city-ended");
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
