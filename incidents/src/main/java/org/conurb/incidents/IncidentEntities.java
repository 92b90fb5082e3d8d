package org.conurb.incidents;

import java.util.List;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.Ids;

/** How incidents and units look to everyone else: linked entities of the hub's model. */
final class IncidentEntities {
    private IncidentEntities() {}

    static Entity of(Incident incident, List<Unit> assigned) {
        Entity entity = Entity.of(incident.urn(), Incident.KIND, incident.organisation())
                .with("number", Attribute.property(incident.label()))
                .with("incidentType", Attribute.property(incident.type()))
                .with("priority", Attribute.property(incident.priority()))
                .with("state", Attribute.property(incident.state()))
                .with("location", Attribute.geo(incident.place().toGeoJson()))
                .with("openedAt", Attribute.property(incident.openedAt().toString()))
                .with("version", Attribute.property(incident.version()));
        if (!incident.description().isEmpty()) {
            entity = entity.with("description", Attribute.property(incident.description()));
        }
        if (incident.reporter().name().isPresent()) {
            entity = entity.with(
                    "callerName", Attribute.property(incident.reporter().name().get()));
        }
        if (incident.reporter().phone().isPresent()) {
            entity = entity.with(
                    "callerPhone",
                    Attribute.property(incident.reporter().phone().get()));
        }
        if (incident.closedAt().isPresent()) {
            entity = entity.with(
                    "closedAt", Attribute.property(incident.closedAt().get().toString()));
        }
        if (!assigned.isEmpty()) {
            entity = entity.with(
                    "assignedUnit",
                    Attribute.relationship(assigned.stream().map(Unit::urn).toList()));
        }
        return entity;
    }

    static Entity of(Unit unit) {
        Entity entity = Entity.of(unit.urn(), Unit.KIND, unit.organisation())
                .with("callSign", Attribute.property(unit.callSign()))
                .with("kind", Attribute.property(unit.kind()))
                .with("statusCode", Attribute.property(unit.status().code()))
                .with("unitState", Attribute.property(unit.status().state().name()))
                .with("statusSource", Attribute.property(unit.status().source()))
                .with("statusSince", Attribute.property(unit.status().since().toString()));
        if (unit.position().isPresent()) {
            Unit.Fix fix = unit.position().get();
            entity = entity.with("location", Attribute.geo(fix.place().toGeoJson()))
                    .with("locationAt", Attribute.property(fix.at().toString()));
        }
        if (unit.incident().isPresent()) {
            entity = entity.with(
                    "incident",
                    Attribute.relationship(
                            Ids.urn(Incident.KIND, unit.incident().get())));
        }
        return entity;
    }
}
