package org.conurb.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entities that others name, as far as one caller may see them: each is read once in a request, many in one statement.
 * Used inside a transaction, by one thread.
 */
final class LinkedEntities {
    /** In one request. */
    static final int MOST = 5_000;

    private final Transactions transactions;
    private final Sight sight;
    private final Map<String, Stored> rows = new HashMap<>();
    private final Map<String, ObjectNode> asked = new HashMap<>();
    private final Map<String, Found> shown = new HashMap<>();

    LinkedEntities(Transactions transactions, Sight sight) {
        this.transactions = transactions;
        this.sight = sight;
    }

    /** Makes these entities ready, where they are there and may be read. */
    void load(Collection<String> ids) {
        List<String> missing = new ArrayList<>();
        for (String id : ids) {
            if (!rows.containsKey(id)) {
                missing.add(id);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        if (rows.size() + missing.size() > MOST) {
            throw NgsiLdFault.tooManyResults(
                    "More than %d linked entities would have to be looked at.".formatted(MOST),
                    "Ask for fewer entities, or with a smaller joinLevel.");
        }
        missing.forEach(id -> rows.put(id, Stored.NONE));
        for (Stored row : EntityRows.named(transactions, missing, sight.now())) {
            if (sight.reads(Stored.types(row.seen()), row.owner())) {
                rows.put(row.seen().path("id").stringValue(), row);
            }
        }
    }

    /** Whether it was looked for. */
    boolean known(String id) {
        return rows.containsKey(id);
    }

    /** For a condition: without what concerns persons, which cannot be asked for behind a link. */
    @Nullable
    ObjectNode asked(String id) {
        Stored row = rows.get(id);
        if (row == null || row.deleted()) {
            return null;
        }
        return asked.computeIfAbsent(id, key -> {
            ObjectNode document = row.document();
            document.remove(sight.personal(Stored.types(document)));
            row.putTimes(document);
            return document;
        });
    }

    /** The same, read when it is first asked for. */
    @Nullable
    ObjectNode read(String id) {
        load(List.of(id));
        return asked(id);
    }

    /** For the answer. */
    @Nullable
    Found shown(String id) {
        Stored row = rows.get(id);
        return row == null || row.deleted() ? null : shown.computeIfAbsent(id, key -> sight.show(row, row.document()));
    }
}
