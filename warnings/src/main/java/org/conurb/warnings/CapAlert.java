package org.conurb.warnings;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A CAP message in its meaning; names are CAP's.
 *
 * @param scope Public, Restricted or Private
 * @param infos one for each language or part of the event; may be empty
 */
record CapAlert(
        String identifier,
        String sender,
        Instant sent,
        String status,
        String msgType,
        String scope,
        List<Reference> references,
        List<Info> infos) {

    /** An earlier message that this one is about. */
    record Reference(String sender, String identifier, Instant sent) {}

    /** @param web only where it is http or https: it becomes a link */
    record Info(
            String language,
            List<String> categories,
            String event,
            List<String> responseTypes,
            String urgency,
            String severity,
            String certainty,
            @Nullable String audience,
            @Nullable Instant effective,
            @Nullable Instant onset,
            @Nullable Instant expires,
            @Nullable String senderName,
            @Nullable String headline,
            @Nullable String description,
            @Nullable String instruction,
            @Nullable String web,
            @Nullable String contact,
            List<Area> areas) {}

    /**
     * @param polygon GeoJSON Polygon or MultiPolygon of all its polygons and circles; null for an area that is only named
     * @param geocodes by name of the code, as {@code UGC}
     */
    record Area(String name, @Nullable Map<String, Object> polygon, Map<String, List<String>> geocodes) {}

    /** Whether it is meant, and no test, exercise, draft or system message. */
    boolean real() {
        return status.equals("Actual");
    }

    /** Whether it warns; an Ack, an Error or a Cancel speaks of another message. */
    boolean warns() {
        return msgType.equals("Alert") || msgType.equals("Update");
    }

    /** What becomes of the messages it refers to, if anything. */
    Optional<WarningState> effect() {
        return switch (msgType) {
            case "Update" -> Optional.of(WarningState.SUPERSEDED);
            case "Cancel" -> Optional.of(WarningState.CANCELLED);
            default -> Optional.empty();
        };
    }

    /** The last moment at which one of the infos holds; empty where one of them names none. */
    Optional<Instant> expires() {
        return infos.isEmpty() || infos.stream().anyMatch(info -> info.expires() == null)
                ? Optional.empty()
                : infos.stream()
                        .map(info -> java.util.Objects.requireNonNull(info.expires()))
                        .max(Instant::compareTo);
    }

    /** Areas in the language of the first info; other languages tell the same places in their words. */
    List<Area> areas() {
        return infos.stream()
                .filter(info -> info.language().equals(infos.getFirst().language()))
                .flatMap(info -> info.areas().stream())
                .distinct()
                .toList();
    }
}
