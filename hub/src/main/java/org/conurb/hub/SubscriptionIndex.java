package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.hub.Subscription.About;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Subscriptions that changes may concern, read and compiled when one of them changed, found by type. One thread's. */
final class SubscriptionIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionIndex.class);

    /** How long another process's change may stay unseen. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final SubscriptionStore store;
    private final Contexts contexts;
    private final Clock clock;
    private volatile boolean stale = true;
    private Instant lookedAt = Instant.EPOCH;
    private String mark = "";
    private List<Compiled> registrations = List.of();

    /** Under no type at all, those to entities of any type. */
    private Map<String, List<Compiled>> byType = Map.of();

    record Compiled(SubscriptionStore.Row row, Subscription subscription) {}

    SubscriptionIndex(SubscriptionStore store, Contexts contexts, Clock clock) {
        this.store = store;
        this.contexts = contexts;
        this.clock = clock;
    }

    /** A subscription changed; told by any thread. */
    void reload() {
        stale = true;
    }

    boolean hasOf(List<String> types) {
        refresh();
        return byType.containsKey("") || types.stream().anyMatch(byType::containsKey);
    }

    boolean hasOfRegistrations() {
        refresh();
        return !registrations.isEmpty();
    }

    Collection<Compiled> of(List<String> types) {
        refresh();
        Set<Compiled> all = new LinkedHashSet<>(byType.getOrDefault("", List.of()));
        types.forEach(type -> all.addAll(byType.getOrDefault(type, List.of())));
        return all;
    }

    Collection<Compiled> ofRegistrations() {
        refresh();
        return registrations;
    }

    /** Within the current transaction of the system role. */
    private void refresh() {
        Instant now = clock.instant();
        if (!stale && lookedAt.plus(FRESH).isAfter(now)) {
            return;
        }
        stale = false;
        lookedAt = now;
        String current = store.mark();
        if (!current.equals(mark)) {
            load(now);
            mark = current;
        }
    }

    private void load(Instant now) {
        Map<String, List<Compiled>> index = new HashMap<>();
        List<Compiled> toRegistrations = new ArrayList<>();
        for (SubscriptionStore.Row row : store.active(now)) {
            try {
                Compiled compiled = new Compiled(row, row.subscription(contexts));
                if (row.about() == About.REGISTRATIONS) {
                    toRegistrations.add(compiled);
                } else if (compiled.subscription.interval().isEmpty()) {
                    types(compiled.subscription)
                            .forEach(type -> index.computeIfAbsent(type, key -> new ArrayList<>())
                                    .add(compiled));
                }
            } catch (NgsiLdFault | JacksonException unreadable) {
                LOG.atWarn()
                        .addKeyValue("subscription", row.id())
                        .setCause(unreadable)
                        .log("hub.subscription-unreadable");
            }
        }
        byType = index;
        registrations = toRegistrations;
    }

    private static Collection<String> types(Subscription subscription) {
        List<String> kinds = subscription.query().kinds();
        return kinds.isEmpty() ? List.of("") : kinds;
    }
}
