package org.conurb.store;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import tools.jackson.core.type.TypeReference;

/**
 * One unsafe call from outside: its work and its answer happen in one transaction, and once for each {@code
 * Idempotency-Key}. A retry with the same key gets the first answer again; a failure leaves nothing, so a retry tries
 * again. Keys are kept for seven days. Made for each request at the door.
 */
public final class Change {
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private static final int LONGEST_KEY = 255;

    private final Transactions transactions;
    private final Caller caller;
    private final Collection<OrganisationId> owners;
    private final Optional<String> key;
    private final byte[] fingerprint;

    /**
     * @param owners from {@code Access.owners(caller)}
     * @param key at most 255 characters, chosen by the caller
     * @param fingerprint SHA-256 over method, path and body
     * @throws BadRequest for a key that is empty, too long or not of printable characters
     */
    public Change(
            Transactions transactions,
            Caller caller,
            Collection<OrganisationId> owners,
            Optional<String> key,
            byte[] fingerprint) {
        this.transactions = transactions;
        this.caller = caller;
        this.owners = owners;
        this.key = key.map(Change::checked);
        this.fingerprint = fingerprint.clone();
    }

    private static String checked(String key) {
        if (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest(
                    "idempotency-key",
                    "An Idempotency-Key is 1 to %d printable characters.".formatted(LONGEST_KEY),
                    "Use a UUID.");
        }
        return key;
    }

    /**
     * The same call behind the wall of other owners: for a door where one call concerns several organisations that the
     * caller may act for.
     */
    public Change behind(Collection<OrganisationId> others) {
        return new Change(transactions, caller, others, key, fingerprint);
    }

    /**
     * The same call, of which the body was not at hand when it came in: kept apart by the body's hash.
     *
     * @param sha256 of the body
     */
    public Change streamed(byte[] sha256) {
        byte[] whole = Arrays.copyOf(fingerprint, fingerprint.length + sha256.length);
        System.arraycopy(sha256, 0, whole, fingerprint.length, sha256.length);
        return new Change(transactions, caller, owners, key, whole);
    }

    /** What a call with this key was answered before, if there was one; for work that is more than one transaction. */
    public Optional<Answer> answered() {
        return key.flatMap(name -> transactions.as(owners, () -> find(name)));
    }

    /**
     * Does the work, or answers as it was answered before.
     *
     * @throws KeyReused (422) where the key came before with another request
     */
    public Answer commit(Supplier<Answer> work) {
        return transactions.as(owners, () -> key.map(k -> once(k, work)).orElseGet(() -> audited(work.get())));
    }

    /**
     * Does it with what else comes behind the same wall at this moment, or by itself where it has a key.
     *
     * @throws KeyReused (422) where the key came before with another request
     */
    public <W> Answer commit(Together<W> together, W wish) {
        return key.isPresent() ? commit(() -> together.alone(wish)) : together.commit(owners, wish);
    }

    private Answer once(String name, Supplier<Answer> work) {
        int claimed = transactions
                .jdbc()
                .sql("""
                        insert into store.once (caller, key, fingerprint) values (:caller, :key, :fingerprint)
                            on conflict (caller, key) do nothing
                        """)
                .param("caller", caller.subject())
                .param("key", name)
                .param("fingerprint", fingerprint)
                .update();
        if (claimed == 0) {
            return before(name);
        }
        Answer answer = audited(work.get());
        transactions
                .jdbc()
                .sql("""
                        update store.once set status = :status, headers = :headers, body = :body
                         where caller = :caller and key = :key
                        """)
                .param("status", answer.status())
                .param("headers", Json.mapper().writeValueAsString(answer.headers()))
                .param("body", answer.body())
                .param("caller", caller.subject())
                .param("key", name)
                .update();
        return answer;
    }

    private Answer before(String name) {
        return find(name).orElseThrow();
    }

    private Optional<Answer> find(String name) {
        return transactions
                .jdbc()
                .sql("""
                        select fingerprint, status, headers, body from store.once where caller = :caller and key = :key
                        """)
                .param("caller", caller.subject())
                .param("key", name)
                .query((row, n) -> {
                    if (!Arrays.equals(row.getBytes("fingerprint"), fingerprint)) {
                        throw new KeyReused(name);
                    }
                    return new Answer(
                            row.getInt("status"),
                            Json.mapper().readValue(row.getString("headers"), HEADERS),
                            row.getBytes("body"));
                })
                .optional();
    }

    private Answer audited(Answer answer) {
        return transactions.audited().map(answer::audited).orElse(answer);
    }

    private static final class KeyReused extends ConurbException {
        KeyReused(String key) {
            super(
                    Category.CONTRADICTION,
                    "idempotency-key-reused",
                    "Idempotency-Key %s came before with another request.".formatted(key),
                    "Use a new key for a new request, and the same key only to repeat one.");
        }
    }
}
