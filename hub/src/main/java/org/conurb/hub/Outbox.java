package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes notifications and puts them on disk for their receivers, in the current transaction of the system role; after
 * commit they are handed on. Throttling keeps an entity's latest state back until its time is over, so the receiver is
 * told less often and misses nothing that lasts.
 */
final class Outbox {
    /** Entities of one notification. */
    static final int MOST = 500;

    private static final int MOST_WITHHELD = 10_000;

    private final Transactions transactions;
    private final SubscriptionStore store;
    private final Deliveries deliveries;
    private final Clock clock;
    private final Ids ids;
    private final Consumer<List<Fresh>> writer = this::write;

    private record Fresh(SubscriptionStore.Row row, String endpoint, String body, Letter.Manner manner) {}

    Outbox(Transactions transactions, SubscriptionStore store, Deliveries deliveries, Clock clock, Ids ids) {
        this.transactions = transactions;
        this.store = store;
        this.deliveries = deliveries;
        this.clock = clock;
        this.ids = ids;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Tells of one entity, now or when throttling allows.
     *
     * @param withheld told after commit where it is kept back
     */
    void tell(
            SubscriptionStore.Row row,
            Subscription subscription,
            String entityId,
            List<ObjectNode> told,
            Runnable withheld) {
        if (subscription.throttling().isEmpty()) {
            send(row, subscription, list(told), null);
            return;
        }
        withhold(row, entityId, told);
        if (!release(row, subscription)) {
            transactions.afterCommit(withheld);
        }
    }

    private static ArrayNode list(List<ObjectNode> told) {
        return Json.mapper().createArrayNode().addAll(told);
    }

    private void withhold(SubscriptionStore.Row row, String entityId, List<ObjectNode> told) {
        transactions
                .jdbc()
                .sql("""
                        insert into hub.withheld (sid, entity_id, tenant, organisation_id, told, at)
                        select s.sid, :entity, s.tenant, s.organisation_id, :told, :at from hub.subscription s
                         where s.sid = :sid
                           and ((select count(*) from hub.withheld w where w.sid = :sid) < :most
                                or exists (select from hub.withheld w where w.sid = :sid and w.entity_id = :entity))
                            on conflict (sid, entity_id) do update set told = excluded.told, at = excluded.at
                        """)
                .param("sid", row.sid())
                .param("entity", entityId)
                .param("told", list(told).toString())
                .param("at", now().atOffset(UTC))
                .param("most", MOST_WITHHELD)
                .update();
    }

    /** Tells what was kept back, once its time is over; false, and when, where it is not. */
    boolean release(SubscriptionStore.Row row, Subscription subscription) {
        Duration throttling = subscription.throttling().orElse(Duration.ZERO);
        boolean may = store.mayTell(row.sid(), now(), now().minus(throttling));
        if (may) {
            ArrayNode data = Json.mapper().createArrayNode();
            transactions
                    .jdbc()
                    .sql("""
                            with oldest as (
                              select entity_id from hub.withheld where sid = :sid order by at, entity_id limit :most
                            ), gone as (
                              delete from hub.withheld w using oldest o where w.sid = :sid and w.entity_id = o.entity_id
                              returning w.told, w.at, w.entity_id
                            )
                            select told from gone order by at, entity_id
                            """)
                    .param("sid", row.sid())
                    .param("most", MOST)
                    .query(String.class)
                    .list()
                    .forEach(told -> data.addAll((ArrayNode) Json.mapper().readTree(told)));
            if (!data.isEmpty()) {
                send(row, subscription, data, null);
            }
        }
        transactions
                .jdbc()
                .sql("""
                        update hub.subscription s
                           set due_at = case when exists (select from hub.withheld w where w.sid = s.sid)
                                             then told_at + make_interval(secs => :seconds) end
                         where sid = :sid
                        """)
                .param("seconds", throttling.toNanos() / 1e9)
                .param("sid", row.sid())
                .update();
        return may;
    }

    /**
     * Tells now.
     *
     * @param reason why registrations are told of; null for entities
     */
    void send(SubscriptionStore.Row row, Subscription subscription, ArrayNode data, @Nullable String reason) {
        String type = reason == null ? "Notification" : "ContextSourceNotification";
        ObjectNode notification = Json.mapper().createObjectNode();
        notification.put("id", Ids.urn("Notification", ids.next()));
        notification.put("type", type);
        notification.put("subscriptionId", subscription.id());
        notification.put("notifiedAt", now().toString());
        if (reason != null) {
            notification.put("triggerReason", reason);
        }
        Endpoint endpoint = subscription.endpoint();
        boolean geo = endpoint.accept() == AnswerType.GEO && reason == null;
        notification.set("data", geo ? GeoJson.collection(data) : data);
        if (endpoint.accept() == AnswerType.LINKED) {
            notification.set("@context", subscription.form().context().asSent());
        }
        Letter.Manner manner = Letter.Manner.of(subscription, row.tenant());
        transactions.gather(
                writer,
                new Fresh(
                        row,
                        endpoint.uri().toString(),
                        endpoint.isMqtt() ? manner.enveloped(notification) : notification.toString(),
                        manner));
    }

    /** Those of subscriptions that were deleted meanwhile have nobody to go to. */
    private void write(List<Fresh> fresh) {
        Instant at = now();
        List<long[]> numbers = transactions
                .jdbc()
                .sql("""
                        insert into hub.delivery (sid, tenant, organisation_id, endpoint, body, manner, at)
                        select s.sid, s.tenant, s.organisation_id, x.endpoint, x.body, x.manner, :at
                          from unnest(:sids, :endpoints, :bodies, :manners) with ordinality as x (sid, endpoint, body, manner, n)
                          join hub.subscription s on s.sid = x.sid
                         order by x.n
                        returning did, sid
                        """)
                .param("sids", fresh.stream().map(one -> one.row.sid()).toArray(Long[]::new))
                .param("endpoints", fresh.stream().map(Fresh::endpoint).toArray(String[]::new))
                .param("bodies", fresh.stream().map(Fresh::body).toArray(String[]::new))
                .param("manners", fresh.stream().map(one -> one.manner.json()).toArray(String[]::new))
                .param("at", at.atOffset(UTC))
                .query((row, n) -> new long[] {row.getLong("did"), row.getLong("sid")})
                .list();
        List<Letter> letters = new ArrayList<>();
        int next = 0;
        for (Fresh one : fresh) {
            if (next < numbers.size() && numbers.get(next)[1] == one.row.sid()) {
                letters.add(new Letter(numbers.get(next++)[0], one.row.sid(), one.endpoint, one.body, one.manner, at));
            }
        }
        deliveries.limit(letters);
        transactions.afterCommit(() -> deliveries.offer(letters));
    }
}
