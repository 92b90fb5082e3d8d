package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Json;
import org.conurb.kernel.Role;

/**
 * An entry as it is hashed: canonical JSON in which whatever concerns persons is replaced by {@code sha256:} and the
 * base64 of SHA-256(salt || value). The salts and values stand beside it; without them nobody can tell from the leaf
 * whom it concerns, not even by guessing.
 *
 * @param bytes UTF-8, at most 65,535 (an entry of a C2SP bundle)
 * @param personal what was replaced
 */
record Leaf(byte[] bytes, List<Personal> personal) {
    /** Name of the personal value that tells who did it; names of callers may not begin with $. */
    static final String SUBJECT = "$subject";

    private static final int MAX_LENGTH = 65_535;
    private static final int MAX_FACTS = 32;
    private static final int MAX_FACT_LENGTH = 512;
    private static final int SALT_LENGTH = 32;
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** @param salt 32 random bytes, of this value alone */
    record Personal(String name, byte[] salt, String value) {
        String commitment() {
            MessageDigest digest = MerkleTree.sha256();
            digest.update(salt);
            return "sha256:" + Base64.getEncoder().encodeToString(digest.digest(value.getBytes(UTF_8)));
        }
    }

    /**
     * @param at whole milliseconds
     * @param salts cryptographically strong
     */
    static Leaf of(UUID id, Instant at, String site, AuditEntry entry, RandomGenerator salts) {
        List<Personal> personal = new ArrayList<>();
        Map<String, Object> members = new TreeMap<>();
        members.put("v", 1);
        members.put("id", id.toString());
        members.put("at", time(at));
        members.put("site", site);
        members.put("subject", subject(entry, personal, salts));
        members.put("organisation", entry.caller().organisation().value());
        entry.caller().seat().ifPresent(seat -> members.put("seat", clean(seat)));
        members.put(
                "roles",
                entry.caller().roles().stream().map(Role::code).sorted().toList());
        members.put("action", entry.action());
        members.put("kind", clean(entry.kind()));
        members.put("thing", clean(entry.id()));
        members.put("owner", entry.owner().value());
        entry.grant().ifPresent(grant -> members.put("grant", grant.toString()));
        members.put("facts", facts(entry.facts()));
        Map<String, String> commitments = new TreeMap<>();
        entry.personal().forEach((name, value) -> commitments.put(name, commit(name, value, personal, salts)));
        members.put("personal", commitments);
        byte[] bytes = Json.canonical().writeValueAsBytes(members);
        if (bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "An audit entry of %s has %d bytes, more than 65535".formatted(entry.action(), bytes.length));
        }
        return new Leaf(bytes, List.copyOf(personal));
    }

    /** Milliseconds always, so that the same moment gives the same bytes. */
    static String time(Instant at) {
        return MILLIS.format(at);
    }

    /** Text that JSON, UTF-8 and PostgreSQL all hold and give back as it is. */
    static String clean(String text) {
        return new String(text.getBytes(UTF_8), UTF_8).replace('\0', '\uFFFD');
    }

    private static String subject(AuditEntry entry, List<Personal> personal, RandomGenerator salts) {
        String subject = clean(entry.caller().subject());
        return subject.startsWith("person:") ? add(SUBJECT, subject, personal, salts) : subject;
    }

    private static String commit(String name, String value, List<Personal> personal, RandomGenerator salts) {
        if (name.startsWith("$")) {
            throw new IllegalArgumentException("A personal value's name does not begin with $: " + name);
        }
        return add(name, clean(value), personal, salts);
    }

    private static String add(String name, String value, List<Personal> personal, RandomGenerator salts) {
        byte[] salt = new byte[SALT_LENGTH];
        salts.nextBytes(salt);
        Personal added = new Personal(name, salt, value);
        personal.add(added);
        return added.commitment();
    }

    private static Map<String, String> facts(Map<String, String> facts) {
        if (facts.size() > MAX_FACTS) {
            throw new IllegalArgumentException("An audit entry has at most %d facts".formatted(MAX_FACTS));
        }
        Map<String, String> cut = new TreeMap<>();
        facts.forEach((name, value) -> cut.put(name, clean(cut(value, MAX_FACT_LENGTH))));
        return cut;
    }

    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
