package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns changes into notifications that wait for their receivers: a follower of the stream, so a notification is on disk
 * when the cursor moves. Subscriptions are found by type; a subscriber is told what it may read, and never what concerns
 * persons, which stands under a purpose and is fetched.
 */
final class Notifications {
    static final String CURSOR = "hub.subscriptions";

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final SubscriptionStore store;
    private final Contexts contexts;
    private final Deliveries deliveries;
    private final Access access;
    private final Model model;
    private final Standing standing;
    private final Clock clock;
    private final Ids ids;
    private volatile boolean stale = true;
    private Instant loadedAt = Instant.EPOCH;
    private List<Compiled> all = List.of();
    private Map<String, List<Compiled>> byType = Map.of();

    /** @param types that it selects by; empty for all */
    private record Compiled(SubscriptionStore.Row row, Subscription subscription, Set<String> types) {}

    Notifications(
            Transactions transactions,
            SubscriptionStore store,
            Contexts contexts,
            Deliveries deliveries,
            Access access,
            Model model,
            Standing standing,
            Clock clock,
            Ids ids) {
        this.transactions = transactions;
        this.store = store;
        this.contexts = contexts;
        this.deliveries = deliveries;
        this.access = access;
        this.model = model;
        this.standing = standing;
        this.clock = clock;
        this.ids = ids;
    }

    /** A subscription changed. */
    void reload() {
        stale = true;
    }

    /** Whether anybody subscribed to such entities; on the follower's thread and in its transaction. */
    boolean wants(List<String> types) {
        refresh();
        return byType.containsKey("*") || types.stream().anyMatch(byType::containsKey);
    }

    /** On the follower's thread and in its transaction. */
    void handle(ChangeRow change) {
        refresh();
        if (change.kind() == EntityChange.Kind.DELETED || all.isEmpty()) {
            return;
        }
        Set<Compiled> candidates = new HashSet<>(byType.getOrDefault("*", List.of()));
        change.types().forEach(type -> candidates.addAll(byType.getOrDefault(type, List.of())));
        if (candidates.isEmpty()) {
            return;
        }
        Set<String> personal = model.personal(change.types());
        List<String> names =
                change.names().stream().filter(name -> !personal.contains(name)).toList();
        ObjectNode document = change.document().orElseThrow();
        document.remove(personal);
        for (Compiled compiled : candidates) {
            Subscription subscription = compiled.subscription;
            if (compiled.row.tenant().equals(change.tenant())
                    && subscription.meets(change.id(), change.types(), names)
                    && subscription.meets(document)
                    && reads(compiled, change)) {
                queue(compiled, document);
            }
        }
    }

    private boolean reads(Compiled compiled, ChangeRow change) {
        var subscriber = compiled.row.subscriber();
        Instant expires = compiled.row.expiresAt();
        return (expires == null || expires.isAfter(clock.instant()))
                && standing.holds(subscriber)
                && change.types().stream()
                        .allMatch(
                                type -> access.decide(subscriber, Action.READ, Access.entities(type), change.owner()));
    }

    private void queue(Compiled compiled, ObjectNode document) {
        Subscription subscription = compiled.subscription;
        ObjectNode told = subscription.form().of(document.deepCopy());
        ObjectNode notification = Json.mapper().createObjectNode();
        notification.put("id", Ids.urn("Notification", ids.next()));
        notification.put("type", "Notification");
        notification.put("subscriptionId", subscription.id());
        notification.put("notifiedAt", clock.instant().toString());
        notification.putArray("data").add(told);
        if (subscription.linked()) {
            notification.set("@context", subscription.form().context().asSent());
        }
        String endpoint = subscription.endpoint().toString();
        transactions
                .jdbc()
                .sql("""
                        insert into hub.delivery (sid, tenant, organisation_id, endpoint, body, at)
                        select s.sid, s.tenant, s.organisation_id, :endpoint, :body, :at from hub.subscription s where s.sid = :sid
                        """)
                .param("sid", compiled.row.sid())
                .param("endpoint", endpoint)
                .param("body", notification.toString())
                .param("at", clock.instant().atOffset(UTC))
                .update();
        deliveries.limit(compiled.row.sid(), endpoint);
        transactions.afterCommit(() -> deliveries.wake(endpoint));
    }

    private void refresh() {
        if (!stale && loadedAt.plus(FRESH).isAfter(clock.instant())) {
            return;
        }
        stale = false;
        loadedAt = clock.instant();
        List<Compiled> compiled = new ArrayList<>();
        for (SubscriptionStore.Row row : store.active(clock.instant())) {
            try {
                Subscription subscription = row.subscription(contexts);
                Set<String> types = new HashSet<>();
                subscription.selectors().forEach(selector -> types.add(selector.type()));
                compiled.add(new Compiled(row, subscription, types));
            } catch (NgsiLdFault | JacksonException unreadable) {
                LOG.atWarn()
                        .addKeyValue("subscription", row.id())
                        .setCause(unreadable)
                        .log("hub.subscription-unreadable");
            }
        }
        Map<String, List<Compiled>> index = new HashMap<>();
        for (Compiled one : compiled) {
            for (String type : one.types.isEmpty() ? Set.of("*") : one.types) {
                index.computeIfAbsent(type, key -> new ArrayList<>()).add(one);
            }
        }
        all = compiled;
        byType = index;
    }
}
