package org.conurb.incidents;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;

/**
 * One point of an incident's timeline.
 *
 * @param at when it happened, which may be before it was recorded
 * @param source {@code console}, {@code api}, {@code unit} or {@code system}
 * @param kind {@code opened changed assigned released status note closed reopened}
 * @param text free words; concerns persons
 */
record Mark(
        UUID id,
        UUID incident,
        OrganisationId owner,
        Instant at,
        Instant recordedAt,
        String source,
        String bySubject,
        String byName,
        String kind,
        Optional<String> text,
        Map<String, String> facts) {}
