package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An entity as it is kept, seen at one moment: what has expired by then is not in its document. Confined to one thread. */
final class Stored {
    private static final Set<String> MEMBERS = Set.of("id", "type", "scope", "expiresAt");

    private static final String STARTS = "{\"id\":\"";

    /** In the place of an entity that is not there. */
    static final Stored NONE = new Stored(
            0, new OrganisationId("none"), Instant.EPOCH, Instant.EPOCH, 0, null, null, "", "", Instant.EPOCH);

    private final long iid;
    private final OrganisationId owner;
    private final Instant createdAt;
    private final Instant at;
    private final long version;
    private final @Nullable Instant expiresAt;
    private final @Nullable Instant partsExpireAt;
    private final String times;
    private final String text;
    private final Instant now;
    private @Nullable ObjectNode seen;

    /**
     * @param iid its number here
     * @param expiresAt when it is gone by itself; null for never
     * @param partsExpireAt when the first of its attributes is; null for never
     * @param times of attributes, as {@link AttributeTimes} writes them
     * @param text the document: normalized, names as {@link Names} has them; empty for a deleted entity
     * @param now when it is seen
     */
    Stored(
            long iid,
            OrganisationId owner,
            Instant createdAt,
            Instant at,
            long version,
            @Nullable Instant expiresAt,
            @Nullable Instant partsExpireAt,
            String times,
            String text,
            Instant now) {
        this.iid = iid;
        this.owner = owner;
        this.createdAt = createdAt;
        this.at = at;
        this.version = version;
        this.expiresAt = expiresAt;
        this.partsExpireAt = partsExpireAt;
        this.times = times;
        this.text = text;
        this.now = now;
    }

    /** A row that was made just now, as far as further steps ask. */
    static Stored made(long iid, OrganisationId owner, Instant at) {
        return new Stored(iid, owner, at, at, 1, null, null, "", "{}", at);
    }

    /** As a change tells of it. */
    static Stored of(OrganisationId owner, Instant at, String text) {
        return new Stored(0, owner, at, at, 0, null, null, "", text, at);
    }

    /** The same row after a step, the same. */
    Stored after(EntityStep step) {
        Instant created = step.what() == EntityChange.Kind.CREATED ? step.at() : createdAt;
        String kept = step.next() == null ? "" : "{}";
        return new Stored(
                iid, step.owner(), created, step.at(), version + 1, null, partsExpireAt, step.times(), kept, now);
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

    /** Whether it is neither deleted nor expired. */
    boolean lives() {
        return !deleted() && (expiresAt == null || expiresAt.isAfter(now));
    }

    /** Whether the text is what a client reads: no attribute of it expires. */
    boolean plain() {
        return partsExpireAt == null;
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

    /** The document for the asker alone, who may change it, without attributes that have expired. */
    ObjectNode document() {
        ObjectNode document = (ObjectNode) Json.mapper().readTree(text);
        if (partsExpireAt != null && !partsExpireAt.isAfter(now)) {
            Expiry.strip(document, now);
        }
        return document;
    }

    /** The same for who changes it: with {@code expiresAt} of its own, and empty where it does not live. */
    ObjectNode writable() {
        return lives() ? withExpiry(document()) : Documents.none();
    }

    /** All that is kept of a row that is not deleted, expired or not; with {@code expiresAt} of its own. */
    ObjectNode whole() {
        return withExpiry((ObjectNode) Json.mapper().readTree(text));
    }

    private ObjectNode withExpiry(ObjectNode document) {
        return expiresAt == null ? document : document.put("expiresAt", expiresAt.toString());
    }

    /** Tells in a document of this row when it and its attributes were created and modified, and when it expires. */
    void putTimes(ObjectNode document) {
        attributeTimes().putInto(document);
        document.put("createdAt", createdAt.toString());
        document.put("modifiedAt", at.toString());
        withExpiry(document);
    }

    AttributeTimes attributeTimes() {
        return AttributeTimes.of(times, createdAt);
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
        return !MEMBERS.contains(member);
    }
}
