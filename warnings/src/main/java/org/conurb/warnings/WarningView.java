package org.conurb.warnings;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A warning as {@code /api/warnings} tells it; the singular members are those of the first info. */
record WarningView(
        String id,
        String identifier,
        String sender,
        Instant sent,
        String status,
        boolean real,
        String msgType,
        String scope,
        WarningState state,
        String organisation,
        Instant receivedAt,
        @Nullable String event,
        @Nullable String headline,
        @Nullable String description,
        @Nullable String instruction,
        @Nullable String severity,
        @Nullable String urgency,
        @Nullable String certainty,
        @Nullable String language,
        @Nullable Instant effective,
        @Nullable Instant onset,
        Instant expires,
        boolean expiresAssumed,
        List<AreaView> areas,
        List<CapAlert.Info> infos) {

    record AreaView(String name, @Nullable Map<String, Object> polygon) {}

    static WarningView of(Warning warning) {
        CapAlert alert = warning.alert();
        Optional<CapAlert.Info> first = alert.infos().stream().findFirst();
        return new WarningView(
                warning.urn(),
                alert.identifier(),
                alert.sender(),
                alert.sent(),
                alert.status(),
                alert.real(),
                alert.msgType(),
                alert.scope(),
                warning.state(),
                warning.organisation().value(),
                warning.receivedAt(),
                of(first, CapAlert.Info::event),
                of(first, CapAlert.Info::headline),
                of(first, CapAlert.Info::description),
                of(first, CapAlert.Info::instruction),
                of(first, CapAlert.Info::severity),
                of(first, CapAlert.Info::urgency),
                of(first, CapAlert.Info::certainty),
                of(first, CapAlert.Info::language),
                of(first, CapAlert.Info::effective),
                of(first, CapAlert.Info::onset),
                warning.expires(),
                warning.expiresAssumed(),
                alert.areas().stream()
                        .map(area -> new AreaView(area.name(), area.polygon()))
                        .toList(),
                alert.infos());
    }

    private static <T> @Nullable T of(Optional<CapAlert.Info> info, Function<CapAlert.Info, @Nullable T> member) {
        return info.isPresent() ? member.apply(info.get()) : null;
    }
}
