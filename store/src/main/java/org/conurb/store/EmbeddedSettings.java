package org.conurb.store;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where and how our own PostgreSQL runs.
 *
 * @param data the data folder; made when absent
 * @param port TCP port on the loopback address; 0 for a free one
 * @param binaries folder where unpacked binaries are kept for several data folders; empty for one inside {@code data}
 * @param random secure: it makes the passwords
 */
public record EmbeddedSettings(
        Path data, int port, Optional<Path> binaries, PoolSettings pools, Clock clock, RandomGenerator random) {
    public EmbeddedSettings {
        data = data.toAbsolutePath().normalize();
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "PostgreSQL's port %d is not 0..65535. Choose a lower --port.".formatted(port));
        }
    }

    /** Standard pools; binaries inside the data folder, or where the system property {@code conurb.store.binaries} says. */
    public static EmbeddedSettings of(Path data, int port, Clock clock, RandomGenerator random) {
        Optional<Path> binaries =
                Optional.ofNullable(System.getProperty("conurb.store.binaries")).map(Path::of);
        return new EmbeddedSettings(data, port, binaries, PoolSettings.standard(), clock, random);
    }
}
