package org.conurb.talk;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.Ids;

/** How groups look to everyone else: linked entities of the hub's model. */
final class GroupEntity {
    private static final int MOST_UNITS = 1_000;

    private GroupEntity() {}

    /** @param members all of them; units are named for groups that are opened for something */
    static Entity of(GroupRow group, Collection<Participant> members, Urgency urgency, SiteParticipants participants) {
        List<String> units = members.stream()
                .map(who -> participants.unitOf(who.mcpttId()).orElse(null))
                .filter(Objects::nonNull)
                .limit(MOST_UNITS)
                .map(unit -> Ids.urn("Unit", unit))
                .toList();
        List<String> organisations = members.stream()
                .map(who -> who.organisation().value())
                .distinct()
                .sorted()
                .toList();
        Entity entity = Entity.of(group.urn(), GroupRules.KIND, group.owner())
                .with("name", Attribute.property(group.name()))
                .with("kind", Attribute.property(code(kind(group.origin()))))
                .with("origin", Attribute.property(code(group.origin())))
                .with("state", Attribute.property(group.isOpen() ? "open" : "closed"))
                .with("recorded", Attribute.property(group.recorded()))
                .with("urgency", Attribute.property(code(urgency)))
                .with("openedAt", Attribute.property(group.at()))
                .with("closedAt", group.closedAt().map(Attribute::property))
                .with("incident", group.incidentUrn().map(Attribute::relationship))
                .with("memberOrganisation", Attribute.property(organisations));
        return group.origin() == GroupFacts.Origin.STANDING
                ? entity
                : entity.with("memberUnit", Attribute.relationship(units));
    }

    static CallKind kind(GroupFacts.Origin origin) {
        return origin == GroupFacts.Origin.TEMPORARY ? CallKind.TEMPORARY : CallKind.PRE_ARRANGED;
    }

    static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
