package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An entity as it is kept; confined to one thread. */
final class Stored {
    /** In the place of an entity that is not there. */
    static final Stored NONE = new Stored(0, new OrganisationId("none"), Instant.EPOCH, Instant.EPOCH, 0, "");

    private static final String STARTS = "{\"id\":\"";

    private final long iid;
    private final OrganisationId owner;
    private final Instant createdAt;
    private final Instant at;
    private final long version;
    private final String text;
    private @Nullable ObjectNode seen;

    /**
     * @param iid its number here
     * @param text the document: normalized, names as {@link Names} has them; empty for a deleted entity
     */
    Stored(long iid, OrganisationId owner, Instant createdAt, Instant at, long version, String text) {
        this.iid = iid;
        this.owner = owner;
        this.createdAt = createdAt;
        this.at = at;
        this.version = version;
        this.text = text;
    }

    long iid() {
        return iid;
    }

    OrganisationId owner() {
        return owner;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant at() {
        return at;
    }

    long version() {
        return version;
    }

    String text() {
        return text;
    }

    boolean deleted() {
        return text.isEmpty();
    }

    /** Its id, for which the document need not be read. */
    String id() {
        int end = text.startsWith(STARTS) ? text.indexOf('"', STARTS.length()) : -1;
        return end < 0 ? seen().path("id").stringValue() : text.substring(STARTS.length(), end);
    }

    /** The document to look at, read once. */
    ObjectNode seen() {
        ObjectNode read = seen;
        if (read == null) {
            read = document();
            seen = read;
        }
        return read;
    }

    /** The document for the asker alone, who may change it. */
    ObjectNode document() {
        return (ObjectNode) Json.mapper().readTree(text);
    }

    /** Tells in a document of this row when the entity was created and modified. */
    void putTimes(ObjectNode document) {
        document.put("createdAt", createdAt.toString());
        document.put("modifiedAt", at.toString());
    }

    /** Types of a document, one or more. */
    static List<String> types(JsonNode document) {
        JsonNode type = document.path("type");
        if (type.isString()) {
            return List.of(type.stringValue());
        }
        List<String> all = new ArrayList<>();
        type.forEach(one -> all.add(one.stringValue()));
        return all;
    }

    /** Whether a member of a document is an attribute. */
    static boolean isAttribute(String member) {
        return !(member.equals("id") || member.equals("type") || member.equals("scope"));
    }
}
