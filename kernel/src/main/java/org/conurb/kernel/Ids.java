package org.conurb.kernel;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Makes ids: UUID version 7 (RFC 9562 §5.7), ordered by time within this process. Safe for many threads. */
public final class Ids {
    private final TimeBasedEpochGenerator generator;

    public Ids(Clock clock, Random random) {
        generator = Generators.timeBasedEpochGenerator(random, new UUIDClock() {
            @Override
            public long currentTimeMillis() {
                return clock.millis();
            }
        });
    }

    public UUID next() {
        return generator.generate();
    }

    /** The URN of an entity that we mint: {@code urn:ngsi-ld:<type>:<uuid>}. */
    public static String urn(String type, UUID id) {
        return "urn:ngsi-ld:" + type + ":" + id;
    }

    /** The UUID in {@code text}, which is a bare UUID or our URN of that type; empty for anything else. */
    public static Optional<UUID> parse(String type, String text) {
        String prefix = "urn:ngsi-ld:" + type + ":";
        String bare = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        try {
            return bare.length() == 36 ? Optional.of(UUID.fromString(bare)) : Optional.empty();
        } catch (IllegalArgumentException notAUuid) {
            return Optional.empty();
        }
    }
}
