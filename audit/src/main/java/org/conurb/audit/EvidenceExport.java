package org.conurb.audit;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;

/**
 * Evidence that somebody takes out.
 *
 * @param organisation whose export it is
 * @param grant purpose grant that it stands under
 * @param percent 0..100
 * @param detail why it failed; else empty
 * @param sha256 of the bundle, in hex; empty until it is ready
 */
public record EvidenceExport(
        UUID id,
        OrganisationId organisation,
        String subject,
        String subjectName,
        UUID grant,
        String caseId,
        String reason,
        Instant at,
        List<Part> parts,
        State state,
        int percent,
        String detail,
        long bytes,
        String sha256,
        Optional<Instant> finishedAt) {
    /**
     * One source in one span; {@code hold} keeps its originals until the bundle is made.
     *
     * @param source id of the camera or group
     * @param owner whose it was
     */
    public record Part(
            @JsonAlias("camera") String source, String name, String owner, Instant from, Instant to, UUID hold) {
        public OrganisationId organisation() {
            return new OrganisationId(owner);
        }
    }

    public enum State {
        QUEUED,
        RUNNING,
        READY,
        FAILED,
        /** It was ready, and its bundle is gone: its time was over, or somebody removed it. */
        EXPIRED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean over() {
        return state != State.QUEUED && state != State.RUNNING;
    }
}
