package org.conurb.hub;

import java.time.Clock;
import org.conurb.kernel.Access;
import org.conurb.kernel.Backlog;
import org.conurb.kernel.Health;
import org.conurb.kernel.Ids;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.store.Transactions;

/** All that makes notifications and sends them, put together: what follows the changes, what the clock sets off, what sends. */
final class Notifier implements AutoCloseable {
    private final SubscriptionIndex index;
    private final Notifications notifications;
    private final Intervals intervals;
    private final Deliveries deliveries;

    Notifier(
            Transactions transactions,
            Contexts contexts,
            Access access,
            Model model,
            Standing standing,
            OutboundHttp http,
            OutboundMqtt mqtt,
            NotificationSettings settings,
            Clock clock,
            Ids ids) {
        SubscriptionStore store = new SubscriptionStore(transactions);
        deliveries = new Deliveries(transactions, http, mqtt, settings, clock);
        index = new SubscriptionIndex(store, contexts, clock);
        Outbox outbox = new Outbox(transactions, store, deliveries, clock, ids);
        intervals = new Intervals(
                transactions,
                store,
                outbox,
                new EntityFinder(transactions),
                new RegistrationStore(transactions),
                contexts,
                access,
                model,
                standing,
                clock);
        notifications = new Notifications(
                transactions, index, outbox, contexts, access, model, standing, clock, intervals::wake);
    }

    /** Goes on with what waited when the program ended. */
    void start(Changes changes) {
        changes.followRows(Notifications.CURSOR, notifications::wants, notifications::handle);
        deliveries.start();
        intervals.start();
    }

    /** A subscription changed. */
    void subscriptionsChanged() {
        index.reload();
        intervals.wake();
    }

    Backlog.Waiting backlog() {
        return deliveries.backlog();
    }

    Health.Reading read() {
        return deliveries.read();
    }

    @Override
    public void close() {
        intervals.close();
        deliveries.close();
    }
}
