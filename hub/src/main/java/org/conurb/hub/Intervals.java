package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Subscription.About;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Subscriptions whose turn comes by the clock: those with an interval, those of which throttling kept something back, and
 * those to registrations, which are first told of all there are. When their turn comes is on disk, so a restart
 * forgets none; turns missed meanwhile are one.
 */
final class Intervals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intervals.class);
    private static final int BATCH = 50;
    private static final int MOST_ENTITIES = 10_000;
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final SubscriptionStore store;
    private final Outbox outbox;
    private final EntityFinder finder;
    private final RegistrationStore registrations;
    private final Contexts contexts;
    private final Access access;
    private final Model model;
    private final Standing standing;
    private final Clock clock;
    private final Worker worker = new Worker("hub-intervals", this::run);

    Intervals(
            Transactions transactions,
            SubscriptionStore store,
            Outbox outbox,
            EntityFinder finder,
            RegistrationStore registrations,
            Contexts contexts,
            Access access,
            Model model,
            Standing standing,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.outbox = outbox;
        this.finder = finder;
        this.registrations = registrations;
        this.contexts = contexts;
        this.access = access;
        this.model = model;
        this.standing = standing;
        this.clock = clock;
    }

    void start() {
        worker.start();
    }

    /** Something may be due, or sooner than before. */
    void wake() {
        worker.wake();
    }

    private void run() {
        int failures = 0;
        while (!worker.closed()) {
            try {
                worker.await(turn());
                failures = 0;
            } catch (RuntimeException e) {
                if (failures == 0) {
                    LOG.atWarn().setCause(e).log("hub.intervals-failed");
                }
                worker.pause(Changes.backOff(failures++, Duration.ofMillis(200), LONGEST_REST));
            }
        }
    }

    /** Tells all whose turn it is; returns how long to rest. */
    private Duration turn() {
        List<SubscriptionStore.Row> due = transactions.asSystem(() -> store.due(clock.instant(), BATCH));
        for (SubscriptionStore.Row row : due) {
            if (worker.closed()) {
                return Duration.ZERO;
            }
            try {
                tell(row);
            } catch (ConurbException failed) {
                postpone(row, failed);
            }
        }
        Optional<Instant> next = transactions.asSystem(store::nextDue);
        Duration rest = next.map(at -> Duration.between(clock.instant(), at)).orElse(LONGEST_REST);
        return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest.isNegative() ? Duration.ZERO : rest;
    }

    private void tell(SubscriptionStore.Row row) {
        Subscription subscription = row.subscription(contexts);
        if (subscription.expired(clock.instant()) || !standing.holds(row.subscriber())) {
            transactions.doAsSystem(() -> store.setDue(row.sid(), later(subscription)));
        } else if (subscription.about() == About.ENTITIES
                && subscription.interval().isEmpty()) {
            transactions.doAsSystem(() -> outbox.release(row, subscription));
        } else {
            List<ObjectNode> found = Transactions.within(
                    row.tenant(),
                    () -> transactions.as(
                            access.owners(row.subscriber()),
                            () -> subscription.about() == About.ENTITIES
                                    ? entities(row, subscription)
                                    : registrations(row, subscription)));
            transactions.doAsSystem(() -> {
                for (int from = 0; from < found.size(); from += Outbox.MOST) {
                    ArrayNode data = Json.mapper().createArrayNode();
                    data.addAll(found.subList(from, Math.min(found.size(), from + Outbox.MOST)));
                    outbox.send(
                            row, subscription, data, subscription.about() == About.ENTITIES ? null : "newlyMatching");
                }
                store.advance(row, subscription.interval(), clock.instant());
            });
        }
    }

    /** One that cannot be told now holds up no other. */
    private void postpone(SubscriptionStore.Row row, ConurbException failed) {
        LOG.atWarn().addKeyValue("subscription", row.id()).setCause(failed).log("hub.interval-postponed");
        transactions.doAsSystem(
                () -> store.setDue(row.sid(), Optional.of(clock.instant().plus(LONGEST_REST))));
    }

    private Optional<Instant> later(Subscription subscription) {
        return subscription.expired(clock.instant())
                ? Optional.empty()
                : subscription.interval().or(() -> Optional.of(LONGEST_REST)).map(clock.instant()::plus);
    }

    private List<ObjectNode> entities(SubscriptionStore.Row row, Subscription subscription) {
        Sight sight = new Sight(new WithoutPurpose(access), model, row.subscriber(), clock.instant());
        LinkedEntities linked = new LinkedEntities(transactions, sight);
        List<ObjectNode> all = new ArrayList<>();
        Optional<Cursor> next = Optional.of(Cursor.START);
        while (next.isPresent() && all.size() < MOST_ENTITIES) {
            Found.Page page = finder.find(subscription.query().from(next.get()), sight, linked);
            for (Found found : page.entities()) {
                ObjectNode told = found.document().deepCopy();
                if (subscription.form().withTimes()) {
                    found.stored().putTimes(told);
                }
                all.addAll(subscription.write(found, told, linked));
            }
            next = page.next();
        }
        return all.size() > MOST_ENTITIES ? all.subList(0, MOST_ENTITIES) : all;
    }

    private List<ObjectNode> registrations(SubscriptionStore.Row row, Subscription subscription) {
        Registration.Wanted wanted = Registrations.wanted(subscription);
        List<ObjectNode> all = new ArrayList<>();
        registrations.each(
                access.predicate(row.subscriber(), Action.READ, Registrations.KIND),
                Registrations.types(wanted.selectors()),
                0,
                clock.instant(),
                found -> {
                    Registration registration = found.registration(contexts);
                    if (registration.matches(wanted)) {
                        all.add(Registrations.told(
                                found.document(),
                                contexts.ofDocument(found.document()),
                                subscription.form().context(),
                                Set.copyOf(registration.matching(wanted))));
                    }
                    return all.size() < MOST_ENTITIES;
                });
        return all;
    }

    @Override
    public void close() {
        worker.close();
    }
}
