package org.conurb.incidents;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** Writes and reads the marks of an incident. */
final class Timeline {
    private final TimelineStore store;
    private final Ids ids;
    private final Clock clock;

    Timeline(TimelineStore store, Ids ids, Clock clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    void mark(Caller by, UUID incident, OrganisationId owner, String kind, Map<String, String> facts) {
        mark(by, incident, owner, kind, clock.instant(), Optional.empty(), facts);
    }

    /** A mark for whoever writes it. */
    Mark made(Caller by, UUID incident, OrganisationId owner, String kind, Map<String, String> facts) {
        return made(by, incident, owner, kind, clock.instant(), Optional.empty(), facts);
    }

    void mark(
            Caller by,
            UUID incident,
            OrganisationId owner,
            String kind,
            Instant at,
            Optional<String> text,
            Map<String, String> facts) {
        store.add(made(by, incident, owner, kind, at, text, facts));
    }

    private Mark made(
            Caller by,
            UUID incident,
            OrganisationId owner,
            String kind,
            Instant at,
            Optional<String> text,
            Map<String, String> facts) {
        return new Mark(
                ids.next(),
                incident,
                owner,
                at,
                clock.instant(),
                source(by),
                by.subject(),
                by.name(),
                kind,
                text,
                facts);
    }

    List<Mark> of(UUID incident) {
        return store.of(incident);
    }

    /** Where a statement of this caller comes from, as people read it. */
    static String source(Caller by) {
        if (by.isSystem()) {
            return "system";
        }
        if (by.subject().startsWith("client:")) {
            return "api";
        }
        return by.has(Role.RESPONDER) && !by.has(Role.DISPATCHER) ? "unit" : "console";
    }
}
