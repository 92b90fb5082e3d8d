package org.conurb.warnings;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.jspecify.annotations.Nullable;

/** What others may know of a warning: the entity {@code Alert}, with the words of the first info. */
final class AlertEntity {
    private AlertEntity() {}

    static Entity of(Warning warning) {
        CapAlert alert = warning.alert();
        Optional<CapAlert.Info> info = alert.infos().stream().findFirst();
        List<String> areaNames = alert.areas().stream()
                .map(CapAlert.Area::name)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        return Entity.of(warning.urn(), Warning.KIND, warning.organisation())
                .with("identifier", Attribute.property(alert.identifier()))
                .with("sender", Attribute.property(alert.sender()))
                .with("sent", Attribute.property(alert.sent()))
                .with("status", Attribute.property(alert.status()))
                .with("real", Attribute.property(alert.real()))
                .with("msgType", Attribute.property(alert.msgType()))
                .with("state", Attribute.property(warning.state().code()))
                .with("event", property(info, CapAlert.Info::event))
                .with("headline", property(info, CapAlert.Info::headline))
                .with("severity", property(info, CapAlert.Info::severity))
                .with("urgency", property(info, CapAlert.Info::urgency))
                .with("certainty", property(info, CapAlert.Info::certainty))
                .with("language", property(info, CapAlert.Info::language))
                .with("effective", property(info, CapAlert.Info::effective))
                .with("onset", property(info, CapAlert.Info::onset))
                .with("expires", Attribute.property(warning.expires()))
                .with("areaNames", Attribute.property(areaNames))
                .with("location", WarningPlace.of(alert).map(place -> Attribute.geo(place.geoJson())));
    }

    private static Optional<Attribute> property(
            Optional<CapAlert.Info> info, Function<CapAlert.Info, ? extends @Nullable Object> member) {
        if (info.isEmpty()) {
            return Optional.empty();
        }
        Object value = member.apply(info.get());
        return value == null || value.equals("") ? Optional.empty() : Optional.of(Attribute.property(value));
    }
}
