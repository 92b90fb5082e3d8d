package org.conurb.audit;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The tamper-evident log.
 *
 * @param key file of the Ed25519 key that signs checkpoints; made when it is not there. Keep a copy elsewhere
 * @param origin name of the log in checkpoints, without spaces and +; empty for {@code <city>.conurb/audit}
 * @param checkpointEvery longest time that a committed entry waits for a signed checkpoint, 100 ms to 10 s
 * @param checkpointsKept age at which a checkpoint that newer ones cover is dropped
 * @param batch most entries that get their place in one transaction, 1 to 5000
 */
@ConfigurationProperties("conurb.audit")
record AuditSettings(
        @DefaultValue("data/keys/audit.key") Path key,
        @DefaultValue("") String origin,
        @DefaultValue("2s") Duration checkpointEvery,
        @DefaultValue("7d") Duration checkpointsKept,
        @DefaultValue("2000") int batch) {

    AuditSettings {
        if (checkpointEvery.toMillis() < 100 || checkpointEvery.toSeconds() > 10) {
            throw new IllegalArgumentException(
                    "conurb.audit.checkpoint-every (%s) is not within 100ms and 10s.".formatted(checkpointEvery));
        }
        if (checkpointsKept.compareTo(checkpointEvery) < 0) {
            throw new IllegalArgumentException(
                    "conurb.audit.checkpoints-kept (%s) is shorter than checkpoint-every (%s). Set it to %2$s or more."
                            .formatted(checkpointsKept, checkpointEvery));
        }
        if (batch < 1 || batch > 5000) {
            throw new IllegalArgumentException("conurb.audit.batch (%d) is not within 1 and 5000.".formatted(batch));
        }
    }
}
