package org.conurb.video;

import java.time.Instant;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;

/**
 * A span of a camera that somebody keeps from being deleted, for a case.
 *
 * @param organisation whose hold it is
 */
record Hold(
        UUID id,
        OrganisationId organisation,
        CameraId camera,
        Instant from,
        Instant to,
        String reason,
        String caseId,
        String subject,
        String subjectName,
        Instant placedAt) {
    static final String KIND = "VideoHold";
}
