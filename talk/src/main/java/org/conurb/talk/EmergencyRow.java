package org.conurb.talk;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * One who is or was in an emergency or in peril, or has an alert out.
 *
 * @param owner whose group it is in
 * @param group URN
 * @param participant MCPTT ID
 * @param urgency {@code ROUTINE} where there is but an alert
 * @param place concerns persons
 * @param incident URN
 */
record EmergencyRow(
        UUID id,
        OrganisationId owner,
        String group,
        String participant,
        String name,
        Urgency urgency,
        boolean alert,
        Instant at,
        Optional<Epsg4326Point> place,
        Optional<String> incident,
        Optional<Instant> endedAt) {
    static final String KIND = "TalkEmergency";

    String urn() {
        return Ids.urn(KIND, id);
    }

    EmergencyRow ended(Instant when) {
        return new EmergencyRow(
                id, owner, group, participant, name, urgency, alert, at, place, incident, Optional.of(when));
    }

    Entity toEntity() {
        return Entity.of(urn(), KIND, owner)
                .with("group", Attribute.relationship(group))
                .with("participant", Attribute.property(participant))
                .with("participantName", Attribute.property(name))
                .with("urgency", Attribute.property(GroupEntity.code(urgency)))
                .with("alert", Attribute.property(alert))
                .with("state", Attribute.property(endedAt.isPresent() ? "ended" : "open"))
                .with("since", Attribute.property(at))
                .with("endedAt", endedAt.map(Attribute::property))
                .with("location", place.map(point -> Attribute.geo(point.toGeoJson())))
                .with("incident", incident.map(Attribute::relationship));
    }
}
