package org.conurb.audit;

import static org.conurb.kernel.Action.READ;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Entries of the organisations that a caller may audit; whom they concern is shown under a purpose only. */
final class EntryList {
    private static final String KIND = "AuditEntry";
    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MEMBERS = new TypeReference<>() {};

    private final Transactions transactions;
    private final Access access;
    private final Entries entries;

    EntryList(Transactions transactions, Access access) {
        this.transactions = transactions;
        this.access = access;
        this.entries = new Entries(transactions.jdbc());
    }

    /** @return {@code items} and {@code next}, the cursor to go on with or null */
    Map<String, @Nullable Object> newest(
            Caller caller, Optional<UUID> before, Optional<String> kind, Optional<String> thing, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, READ, KIND);
        return transactions.as(access.owners(caller), () -> {
            boolean personal = access.purpose(caller, KIND, Optional.empty()).isPresent();
            List<Entries.Stored> page = entries.newest(owners, before, kind, thing, limit);
            Map<UUID, Map<String, String>> values = personal
                    ? entries.personal(page.stream().map(Entries.Stored::id).toList())
                    : Map.of();
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put(
                    "items",
                    page.stream()
                            .map(entry -> shown(entry, values.getOrDefault(entry.id(), Map.of())))
                            .toList());
            answer.put("next", page.size() < limit ? null : page.getLast().id());
            return answer;
        });
    }

    /**
     * An entry for its proof: of an organisation that the caller may audit, or written by the caller.
     *
     * @throws NotFound where it is neither, or not there
     */
    Entries.Stored find(Caller caller, UUID id) {
        return transactions.as(
                access.owners(caller),
                () -> entries.find(id)
                        .filter(entry -> access.decide(caller, READ, KIND, new OrganisationId(entry.organisation()))
                                || isBy(caller, entry))
                        .orElseThrow(() -> new NotFound("audit entry", id.toString())));
    }

    private boolean isBy(Caller caller, Entries.Stored entry) {
        String subject = Leaf.clean(caller.subject());
        if (subject.startsWith("person:")) {
            return subject.equals(entries.personal(List.of(entry.id()))
                    .getOrDefault(entry.id(), Map.of())
                    .get(Leaf.SUBJECT));
        }
        return subject.equals(
                Json.mapper().readTree(entry.leaf()).path("subject").asString(""));
    }

    /** The leaf's members, its place, and the personal values in place of their commitments. */
    private static Map<String, @Nullable Object> shown(Entries.Stored entry, Map<String, String> values) {
        Map<String, @Nullable Object> shown = Json.mapper().readValue(entry.leaf(), MEMBERS);
        shown.put("index", entry.index());
        if (values.containsKey(Leaf.SUBJECT)) {
            shown.put("subject", values.get(Leaf.SUBJECT));
        }
        if (shown.get("personal") instanceof Map<?, ?> commitments) {
            Map<String, @Nullable Object> personal = new LinkedHashMap<>();
            commitments.forEach((name, commitment) -> personal.put(
                    String.valueOf(name), values.getOrDefault(String.valueOf(name), String.valueOf(commitment))));
            shown.put("personal", personal);
        }
        return shown;
    }
}
