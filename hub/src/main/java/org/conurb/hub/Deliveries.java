package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.conurb.kernel.Backlog;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Health;
import org.conurb.outbound.MqttMessage;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.outbound.OutboundRefused;
import org.conurb.outbound.OutboundRequest;
import org.conurb.outbound.OutboundResponse;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications in order, each receiver by a worker of its own, so that one that is dead delays nobody. After a
 * failure the receiver is left alone for a while, longer each time. What waits is on disk and survives a restart; what was
 * just committed is handed over in memory, so a receiver that keeps up costs no look at the disk.
 */
final class Deliveries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int BATCH = 50;
    private static final int MOST_READY = 200;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Transactions transactions;
    private final OutboundHttp http;
    private final OutboundMqtt mqtt;
    private final NotificationSettings settings;
    private final Clock clock;
    private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Deliveries(
            Transactions transactions,
            OutboundHttp http,
            OutboundMqtt mqtt,
            NotificationSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.http = http;
        this.mqtt = mqtt;
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
        waiting.forEach(endpoint -> offer(endpoint, List.of()));
    }

    /** Committed just now, in order. */
    void offer(List<Letter> letters) {
        letters.stream().collect(Collectors.groupingBy(Letter::endpoint)).forEach(this::offer);
    }

    private void offer(String endpoint, List<Letter> letters) {
        if (!closed) {
            receivers.compute(endpoint, (key, running) -> {
                Receiver receiver = running == null ? new Receiver(endpoint) : running;
                receiver.take(letters);
                receiver.worker.wake();
                if (running == null) {
                    receiver.worker.start();
                }
                return receiver;
            });
        }
    }

    /** In the current transaction of the system role: gives up the oldest of subscriptions whose receiver is away. */
    void limit(List<Letter> letters) {
        Set<Long> away = letters.stream()
                .filter(letter -> {
                    Receiver receiver = receivers.get(letter.endpoint());
                    return receiver != null && receiver.failures > 0;
                })
                .map(Letter::sid)
                .collect(Collectors.toSet());
        for (Long sid : away) {
            transactions
                    .jdbc()
                    .sql("""
                            with gone as (
                              delete from hub.delivery where did in (
                                select did from hub.delivery where sid = :sid order by did desc offset :most)
                              returning did)
                            update hub.subscription set dropped = dropped + (select count(*) from gone)
                             where sid = :sid and exists (select from gone)
                            """)
                    .param("sid", sid)
                    .param("most", settings.maxWaiting())
                    .update();
        }
    }

    private final class Receiver {
        private final String endpoint;
        private final String name;
        private final Worker worker = new Worker("hub-receiver", this::run);
        private final Outcomes outcomes = new Outcomes();

        /** What comes next, where nothing waits on disk alone; guarded by itself, as {@code behind}. */
        private final Deque<Letter> ready = new ArrayDeque<>();

        /** Those read last: whoever committed them may hand them over only now. Guarded by {@code ready}, too. */
        private final Set<Long> known = Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > MOST_READY;
            }
        });

        /** Whether something may wait on disk that is not in {@code ready}. */
        private boolean behind = true;

        private boolean missed;
        private volatile int failures;
        private volatile Instant failingSince = Instant.EPOCH;
        private volatile String fault = "";

        Receiver(String endpoint) {
            this.endpoint = endpoint;
            this.name = nameless(endpoint);
        }

        private void take(List<Letter> letters) {
            synchronized (ready) {
                if (behind || ready.size() + letters.size() > MOST_READY) {
                    behind = true;
                    missed = true;
                } else {
                    letters.stream()
                            .filter(letter -> !known.contains(letter.did()))
                            .forEach(ready::add);
                }
            }
        }

        private void run() {
            while (!worker.closed()) {
                try {
                    Letter next = next();
                    if (next != null) {
                        send(next);
                    } else if (!worker.await(IDLE) && retire()) {
                        return;
                    }
                } catch (RuntimeException e) {
                    failed("The database does not answer: " + e.getMessage(), Duration.ZERO);
                }
            }
            outcomes.save();
        }

        /** Ends for want of work, unless some came just now. */
        private boolean retire() {
            return receivers.computeIfPresent(endpoint, (key, me) -> me.worker.hasWork() ? me : null) == null;
        }

        private @Nullable Letter next() {
            Letter next;
            boolean look;
            synchronized (ready) {
                next = ready.peek();
                look = next == null && behind;
                missed = false;
            }
            if (next == null) {
                outcomes.save();
            }
            return look ? read() : next;
        }

        /** Looks at the disk; from then on what comes is handed over, unless more waits or something was missed. */
        private @Nullable Letter read() {
            List<Letter> waiting = transactions.asSystem(() -> transactions
                    .jdbc()
                    .sql("""
                            select did, sid, body, manner, at from hub.delivery where endpoint = :endpoint order by did limit :batch
                            """)
                    .param("endpoint", endpoint)
                    .param("batch", BATCH)
                    .query((row, n) -> new Letter(
                            row.getLong("did"),
                            row.getLong("sid"),
                            endpoint,
                            row.getString("body"),
                            Letter.Manner.read(row.getString("manner")),
                            row.getObject("at", OffsetDateTime.class).toInstant()))
                    .list());
            synchronized (ready) {
                ready.addAll(waiting);
                waiting.forEach(letter -> known.add(letter.did()));
                behind = waiting.size() == BATCH || missed;
                return ready.peek();
            }
        }

        private void send(Letter letter) {
            if (letter.at().plus(settings.keep()).isBefore(clock.instant())) {
                done(letter, Outcomes.How.DROPPED, "It waited longer than is kept.");
                return;
            }
            try {
                if (letter.endpoint().toLowerCase(java.util.Locale.ROOT).startsWith("mqtt")) {
                    mqtt.publish(new MqttMessage(
                            URI.create(endpoint),
                            letter.manner().version(),
                            letter.manner().qos(),
                            letter.body().getBytes(StandardCharsets.UTF_8),
                            letter.manner().timeout(settings.timeout())));
                    done(letter, Outcomes.How.SENT, "");
                } else {
                    answered(letter, http.send(request(letter)));
                }
            } catch (OutboundRefused refused) {
                done(letter, Outcomes.How.REFUSED, refused.detail());
            } catch (ConurbException unreachable) {
                failedFor(letter, unreachable.detail());
            }
        }

        private OutboundRequest request(Letter letter) {
            Map<String, String> headers = letter.manner().headers();
            OutboundRequest request = OutboundRequest.post(
                            URI.create(endpoint),
                            headers.getOrDefault("Content-Type", "application/json"),
                            letter.body().getBytes(StandardCharsets.UTF_8))
                    .within(letter.manner().timeout(settings.timeout()))
                    .atMost(65_536);
            for (Map.Entry<String, String> header : headers.entrySet()) {
                request = request.with(header.getKey(), header.getValue());
            }
            return request;
        }

        private void answered(Letter letter, OutboundResponse response) {
            int status = response.status();
            if (response.ok()) {
                done(letter, Outcomes.How.SENT, "");
            } else if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429) {
                done(letter, Outcomes.How.REFUSED, "The receiver answered %d.".formatted(status));
            } else {
                failedFor(letter, "The receiver answered %d.".formatted(status));
            }
        }

        /** The receiver is there; what became of the letter is written with that of the next ones. */
        private void done(Letter letter, Outcomes.How how, String reason) {
            failures = 0;
            synchronized (ready) {
                ready.poll();
            }
            outcomes.add(letter, how, reason, clock.instant());
            if (outcomes.size() >= BATCH) {
                outcomes.save();
            }
        }

        private void failedFor(Letter letter, String reason) {
            outcomes.add(letter, Outcomes.How.FAILED, reason, clock.instant());
            outcomes.save();
            failed(reason, Duration.ofMillis(letter.manner().cooldownMs()));
        }

        private void failed(String reason, Duration atLeast) {
            fault = reason;
            if (failures == 0) {
                failingSince = clock.instant();
                LOG.atWarn()
                        .addKeyValue("endpoint", name)
                        .addKeyValue("reason", reason)
                        .log("hub.receiver-failed");
            }
            Duration wait = Changes.backOff(failures++, settings.retryAfter(), settings.longestWait());
            worker.pause(wait.compareTo(atLeast) < 0 ? atLeast : wait);
            synchronized (ready) {
                ready.clear(); // some may have been given up meanwhile
                behind = true;
            }
        }
    }

    /** What became of letters; written together, in one statement. Confined to a receiver's thread. */
    private final class Outcomes {
        enum How {
            SENT,
            REFUSED,
            DROPPED,
            FAILED
        }

        private record Outcome(Letter letter, How how, String reason, Instant at) {}

        private final Deque<Outcome> all = new ArrayDeque<>();

        void add(Letter letter, How how, String reason, Instant at) {
            all.add(new Outcome(letter, how, reason, at));
        }

        int size() {
            return all.size();
        }

        void save() {
            if (all.isEmpty()) {
                return;
            }
            transactions.doAsSystem(() -> transactions
                    .jdbc()
                    .sql("""
                            with x as (
                              select * from unnest(:dids, :sids, :hows, cast(:ats as timestamptz[]), :reasons) as x (did, sid, how, at, reason)
                            ), gone as (
                              delete from hub.delivery d using x where d.did = x.did and x.how <> 'FAILED'
                            ), tried as (
                              update hub.delivery d set attempts = attempts + 1 from x where d.did = x.did and x.how = 'FAILED'
                            ), s as (
                              select sid, count(*) filter (where how = 'SENT') as sent,
                                     count(*) filter (where how in ('REFUSED', 'FAILED')) as failed,
                                     count(*) filter (where how = 'DROPPED') as dropped,
                                     max(at) as at, max(at) filter (where how = 'SENT') as success_at,
                                     max(at) filter (where how <> 'SENT') as failure_at, max(nullif(reason, '')) as fault
                                from x group by sid
                            )
                            update hub.subscription u
                               set sent = u.sent + s.sent, failed = u.failed + s.failed, dropped = u.dropped + s.dropped,
                                   last_sent_at = s.at, last_success_at = coalesce(s.success_at, u.last_success_at),
                                   last_failure_at = coalesce(s.failure_at, u.last_failure_at),
                                   last_fault = coalesce(s.fault, u.last_fault)
                              from s where u.sid = s.sid
                            """)
                    .param("dids", all.stream().map(one -> one.letter.did()).toArray(Long[]::new))
                    .param("sids", all.stream().map(one -> one.letter.sid()).toArray(Long[]::new))
                    .param("hows", all.stream().map(one -> one.how.name()).toArray(String[]::new))
                    .param(
                            "ats",
                            all.stream()
                                    .map(one -> one.at.atOffset(UTC).toString())
                                    .toArray(String[]::new))
                    .param(
                            "reasons",
                            all.stream()
                                    .map(one -> one.reason.replace("\0", ""))
                                    .toArray(String[]::new))
                    .update());
            all.clear();
        }
    }

    /** An endpoint without the user's name and password. */
    static String nameless(String endpoint) {
        return endpoint.replaceFirst("(?<=://)[^/@]*@", "");
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
                        .formatted(failing.size(), first.name, first.fault),
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
