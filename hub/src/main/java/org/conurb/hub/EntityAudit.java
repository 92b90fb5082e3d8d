package org.conurb.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;

/**
 * What was done with entities in one transaction, as the audit log is told: an entry for a single one; for many that were
 * done alike as few entries as name them all.
 */
final class EntityAudit {
    private static final int MAX_FACT = 500;
    private static final int MAX_FACTS = 1_700;

    private final Map<String, Deed> deeds = new LinkedHashMap<>();

    /** @param attributes kept names of those that changed */
    private record Deed(String verb, String kind, OrganisationId owner, Set<String> attributes) {
        Deed and(Deed later) {
            Set<String> all = new LinkedHashSet<>(attributes);
            all.addAll(later.attributes);
            boolean made = verb.equals("created") && later.verb.equals("changed");
            return new Deed(made ? verb : later.verb, later.kind, later.owner, all);
        }

        Deed withoutAttributes() {
            return new Deed(verb, kind, owner, Set.of());
        }
    }

    /** @param verb as in the name of the event: created, changed, deleted or expired */
    void add(String id, String verb, String kind, OrganisationId owner, Set<String> attributes) {
        deeds.merge(id, new Deed(verb, kind, owner, attributes), Deed::and);
    }

    /**
     * In the transaction that did it.
     *
     * @param caller who did it with things of that owner
     * @return the last entry, where there was anything to tell
     */
    Optional<UUID> record(Audit audit, Function<OrganisationId, Caller> caller) {
        Map<Deed, List<String>> alike = new LinkedHashMap<>();
        deeds.forEach((id, deed) -> alike.computeIfAbsent(
                        deeds.size() == 1 ? deed : deed.withoutAttributes(), key -> new ArrayList<>())
                .add(id));
        UUID last = null;
        for (Map.Entry<Deed, List<String>> each : alike.entrySet()) {
            Deed deed = each.getKey();
            for (List<String> chunk : chunks(each.getValue())) {
                last = audit.record(entry(caller.apply(deed.owner), deed, chunk));
            }
        }
        return Optional.ofNullable(last);
    }

    private static List<List<String>> chunks(List<String> ids) {
        List<List<String>> chunks = new ArrayList<>();
        int room = 0;
        for (String id : ids) {
            if (room < id.length() + 1) {
                chunks.add(new ArrayList<>());
                room = MAX_FACTS;
            }
            chunks.getLast().add(id);
            room -= id.length() + 1;
        }
        return chunks;
    }

    private static AuditEntry entry(Caller caller, Deed deed, List<String> ids) {
        if (ids.size() == 1) {
            AuditEntry entry = AuditEntry.of(caller, "entity." + deed.verb, deed.kind, ids.getFirst(), deed.owner);
            String attributes = String.join(" ", deed.attributes);
            return attributes.isEmpty()
                    ? entry
                    : entry.with(Map.of(
                            "attributes",
                            attributes.length() > MAX_FACT ? attributes.substring(0, MAX_FACT) + "…" : attributes));
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("count", String.valueOf(ids.size()));
        String all = String.join(" ", ids);
        for (int n = 0; n * MAX_FACT < all.length(); n++) {
            facts.put("ids." + n, all.substring(n * MAX_FACT, Math.min(all.length(), (n + 1) * MAX_FACT)));
        }
        String thing = "%s and %d more".formatted(ids.getFirst(), ids.size() - 1);
        return AuditEntry.of(caller, "entities." + deed.verb, deed.kind, thing, deed.owner)
                .with(facts);
    }
}
