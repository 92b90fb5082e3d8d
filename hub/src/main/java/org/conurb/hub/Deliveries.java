package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.conurb.kernel.Backlog;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Health;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundRefused;
import org.conurb.outbound.OutboundRequest;
import org.conurb.outbound.OutboundResponse;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications in order, each receiver by a worker of its own, so that one that is dead delays nobody. After a
 * failure the receiver is left alone for a while, longer each time; what waits is on disk and survives a restart.
 */
final class Deliveries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int BATCH = 50;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Transactions transactions;
    private final OutboundHttp outbound;
    private final NotificationSettings settings;
    private final Clock clock;
    private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Deliveries(Transactions transactions, OutboundHttp outbound, NotificationSettings settings, Clock clock) {
        this.transactions = transactions;
        this.outbound = outbound;
        this.settings = settings;
        this.clock = clock;
    }

    /** Goes on with what waited when the program ended. */
    void start() {
        List<String> waiting = transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select distinct endpoint from hub.delivery")
                .query(String.class)
                .list());
        waiting.forEach(this::wake);
    }

    void wake(String endpoint) {
        if (!closed) {
            receivers.compute(endpoint, (key, running) -> {
                Receiver receiver = running == null ? new Receiver(endpoint) : running;
                receiver.worker.wake();
                if (running == null) {
                    receiver.worker.start();
                }
                return receiver;
            });
        }
    }

    /** In the current transaction of the system role: gives up the oldest of a subscription whose receiver is away. */
    void limit(long sid, String endpoint) {
        Receiver receiver = receivers.get(endpoint);
        if (receiver == null || receiver.failures == 0) {
            return;
        }
        int dropped = transactions
                .jdbc()
                .sql("""
                        delete from hub.delivery where did in (
                          select did from hub.delivery where sid = :sid order by did desc offset :most)
                        """)
                .param("sid", sid)
                .param("most", settings.maxWaiting())
                .update();
        if (dropped > 0) {
            transactions
                    .jdbc()
                    .sql("update hub.subscription set dropped = dropped + :dropped where sid = :sid")
                    .param("dropped", dropped)
                    .param("sid", sid)
                    .update();
        }
    }

    private record Waiting(long did, long sid, String tenant, String body, Instant at) {}

    private final class Receiver {
        private final String endpoint;
        private final Worker worker = new Worker("hub-receiver", this::run);
        private volatile int failures;
        private volatile Instant failingSince = Instant.EPOCH;
        private volatile String fault = "";

        Receiver(String endpoint) {
            this.endpoint = endpoint;
        }

        private void run() {
            while (!worker.closed()) {
                try {
                    List<Waiting> batch = next();
                    if (batch.isEmpty()) {
                        if (!worker.await(IDLE) && retire()) {
                            return;
                        }
                    } else {
                        send(batch);
                    }
                } catch (RuntimeException e) {
                    failed("The database does not answer: " + e.getMessage());
                }
            }
        }

        /** Ends for want of work, unless some came just now. */
        private boolean retire() {
            return receivers.computeIfPresent(endpoint, (key, me) -> me.worker.hasWork() ? me : null) == null;
        }

        private List<Waiting> next() {
            return transactions.asSystem(() -> transactions
                    .jdbc()
                    .sql(
                            "select did, sid, tenant, body, at from hub.delivery where endpoint = :endpoint order by did limit :batch")
                    .param("endpoint", endpoint)
                    .param("batch", BATCH)
                    .query((row, n) -> new Waiting(
                            row.getLong("did"),
                            row.getLong("sid"),
                            row.getString("tenant"),
                            row.getString("body"),
                            row.getObject("at", OffsetDateTime.class).toInstant()))
                    .list());
        }

        private void send(List<Waiting> batch) {
            for (Waiting one : batch) {
                if (worker.closed()) {
                    return;
                }
                if (one.at.plus(settings.keep()).isBefore(clock.instant())) {
                    done(one, "dropped", "It waited longer than is kept.");
                } else if (!send(one)) {
                    return;
                }
            }
        }

        /** Whether the receiver is there. */
        private boolean send(Waiting one) {
            try {
                String type = one.body.contains("\"@context\":") ? "application/ld+json" : "application/json";
                OutboundRequest request = OutboundRequest.post(
                                URI.create(endpoint), type, one.body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .within(settings.timeout())
                        .atMost(65_536);
                if (type.equals("application/json")) {
                    request = request.with("Link", LdContext.CORE.link());
                }
                OutboundResponse response =
                        outbound.send(one.tenant.isEmpty() ? request : request.with("NGSILD-Tenant", one.tenant));
                int status = response.status();
                if (response.ok()) {
                    failures = 0;
                    done(one, "sent", "");
                    return true;
                }
                if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429) {
                    failures = 0;
                    done(one, "refused", "The receiver answered %d.".formatted(status));
                    return true;
                }
                failedFor(one, "The receiver answered %d.".formatted(status));
            } catch (OutboundRefused refused) {
                done(one, "refused", refused.detail());
                return true;
            } catch (ConurbException unreachable) {
                failedFor(one, unreachable.detail());
            }
            return false;
        }

        private void done(Waiting one, String how, String reason) {
            transactions.doAsSystem(() -> {
                transactions
                        .jdbc()
                        .sql("delete from hub.delivery where did = :did")
                        .param("did", one.did)
                        .update();
                transactions
                        .jdbc()
                        .sql("""
                                update hub.subscription
                                   set sent = sent + :sent, failed = failed + :refused, dropped = dropped + :dropped,
                                       last_sent_at = :at,
                                       last_success_at = case when :sent = 1 then :at else last_success_at end,
                                       last_failure_at = case when :sent = 0 then :at else last_failure_at end,
                                       last_fault = case when :sent = 0 then :reason else last_fault end
                                 where sid = :sid
                                """)
                        .param("sent", how.equals("sent") ? 1 : 0)
                        .param("refused", how.equals("refused") ? 1 : 0)
                        .param("dropped", how.equals("dropped") ? 1 : 0)
                        .param("at", clock.instant().atOffset(UTC))
                        .param("reason", reason)
                        .param("sid", one.sid)
                        .update();
            });
        }

        private void failedFor(Waiting one, String reason) {
            transactions.doAsSystem(() -> {
                transactions
                        .jdbc()
                        .sql("update hub.delivery set attempts = attempts + 1 where did = :did")
                        .param("did", one.did)
                        .update();
                transactions
                        .jdbc()
                        .sql("""
                                update hub.subscription set failed = failed + 1, last_sent_at = :at, last_failure_at = :at,
                                       last_fault = :reason where sid = :sid
                                """)
                        .param("at", clock.instant().atOffset(UTC))
                        .param("reason", reason)
                        .param("sid", one.sid)
                        .update();
            });
            failed(reason);
        }

        private void failed(String reason) {
            fault = reason;
            if (failures == 0) {
                failingSince = clock.instant();
                LOG.atWarn()
                        .addKeyValue("endpoint", endpoint)
                        .addKeyValue("reason", reason)
                        .log("hub.receiver-failed");
            }
            worker.pause(Changes.backOff(failures++, settings.retryAfter(), settings.longestWait()));
        }
    }

    Health.Reading read() {
        List<Receiver> failing =
                receivers.values().stream().filter(one -> one.failures > 0).toList();
        if (failing.isEmpty()) {
            return new Health.Reading(
                    "hub.notifications",
                    Health.State.OK,
                    Instant.EPOCH,
                    "%d receivers.".formatted(receivers.size()),
                    "");
        }
        Receiver first = failing.getFirst();
        return new Health.Reading(
                "hub.notifications",
                Health.State.DEGRADED,
                first.failingSince,
                "%d receivers do not take notifications, among them %s: %s"
                        .formatted(failing.size(), first.endpoint, first.fault),
                "Mend the receiver, or delete its subscription; what waits is kept and sent when it is back.");
    }

    /** What waits for receivers, and since when. */
    Backlog.Waiting backlog() {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("""
                        select (select count(*) from (select from hub.delivery limit :most) as counted) as waiting,
                               (select at from hub.delivery order by did limit 1) as oldest
                        """)
                .param("most", Backlog.MOST)
                .query((row, number) -> new Backlog.Waiting(
                        "notifications",
                        row.getInt("waiting"),
                        Optional.ofNullable(row.getObject("oldest", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .single());
    }

    @Override
    public void close() {
        closed = true;
        receivers.values().forEach(receiver -> receiver.worker.end());
        receivers.values().forEach(receiver -> receiver.worker.close());
    }
}
