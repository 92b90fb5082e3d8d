package org.conurb.hub;

import java.time.Instant;
import java.util.Optional;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An @context that this hub keeps (GS CIM 009 clause 5.13.1).
 *
 * @param id local, a URI
 * @param owner of a hosted one
 * @param url where it was fetched; of a cached one only
 * @param text the context alone, as JSON
 * @param createdAt when it was added, made, or fetched last
 */
record ContextRow(
        String id,
        Kind kind,
        Optional<OrganisationId> owner,
        Optional<String> url,
        String text,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Instant usedAt,
        long hits) {

    /** How a context came to be kept; the names are the standard's. */
    enum Kind {
        HOSTED("Hosted"),
        CACHED("Cached"),
        MADE("ImplicitlyCreated");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }

        static Kind of(String code) {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return kind;
                }
            }
            throw NgsiLdFault.badData(
                    "There is no such kind of @context.", "Send kind=Hosted, Cached or ImplicitlyCreated.");
        }
    }

    JsonNode context() {
        return Json.mapper().readTree(text);
    }

    /** What is told of it where details are asked for (clause 5.13.3.5). */
    ObjectNode details(String address) {
        ObjectNode details = Json.mapper().createObjectNode();
        details.put("URL", address);
        details.put("localId", id);
        details.put("kind", kind.code());
        details.put("createdAt", createdAt.toString());
        expiresAt.ifPresent(at -> details.put("expiresAt", at.toString()));
        details.put("lastUsage", usedAt.toString());
        details.put("numberOfHits", hits);
        return details;
    }
}
