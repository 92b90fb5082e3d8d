package org.conurb.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.conurb.hub.Subscription.About;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundMqtt;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients do with subscriptions, to entities and to registrations; each belongs to the organisation of the caller
 * that made it.
 */
final class Subscriptions {
    private static final String KIND = "Subscription";
    private static final int MOST = 1_000;

    private final Transactions transactions;
    private final SubscriptionStore store;
    private final Contexts contexts;
    private final Access access;
    private final Audit audit;
    private final OutboundHttp http;
    private final OutboundMqtt mqtt;
    private final Clock clock;
    private final Ids ids;
    private final Runnable changed;

    /** @param changed told after each commit that changed a subscription */
    Subscriptions(
            Transactions transactions,
            SubscriptionStore store,
            Contexts contexts,
            Access access,
            Audit audit,
            OutboundHttp http,
            OutboundMqtt mqtt,
            Clock clock,
            Ids ids,
            Runnable changed) {
        this.transactions = transactions;
        this.store = store;
        this.contexts = contexts;
        this.access = access;
        this.audit = audit;
        this.http = http;
        this.mqtt = mqtt;
        this.clock = clock;
        this.ids = ids;
        this.changed = changed;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    Answer create(Caller caller, Change change, About about, LdBody body) {
        ObjectNode document = body.object().deepCopy();
        SubscriptionReader.clean(document);
        if (!document.has("id") && !document.has("@id")) {
            document.put("id", Ids.urn(KIND, ids.next()));
        }
        Subscription subscription = read(about, document, body.context());
        SubscriptionReader.demandFuture(subscription, now());
        return change.commit(() -> {
            access.demand(caller, Action.CREATE, KIND, caller.organisation(), subscription.id());
            if (store.count(caller.organisation(), about) >= MOST) {
                throw NgsiLdFault.unsupported(
                        "%s has %d subscriptions already.".formatted(caller.organisation(), MOST),
                        "Delete some, or join them: one subscription may select many types.");
            }
            store.insert(caller, document, subscription, now());
            record(caller, "subscription.created", subscription.id());
            return Answer.noContent()
                    .status(201)
                    .with("Location", location(about, subscription.id()).toString());
        });
    }

    /** Reads it and keeps its context with it. */
    private Subscription read(About about, ObjectNode document, LdContext context) {
        document.set("@context", context.asSent());
        Subscription subscription = new SubscriptionReader(about, context, contexts).read(document);
        if (subscription.endpoint().isMqtt()) {
            mqtt.demand(subscription.endpoint().uri());
        } else {
            http.demand(subscription.endpoint().uri());
        }
        return subscription;
    }

    private static URI location(About about, String id) {
        return URI.create("/ngsi-ld/v1/%s/%s"
                .formatted(
                        about.path(),
                        URLEncoder.encode(id, StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("%3A", ":")));
    }

    SubscriptionStore.Row get(Caller caller, About about, String id) {
        return transactions.as(access.owners(caller), () -> {
            SubscriptionStore.Row row = store.find(caller.organisation(), about, id, false)
                    .orElseThrow(() -> NgsiLdFault.absent("subscription", id));
            access.demand(caller, Action.READ, KIND, row.owner(), id);
            return row;
        });
    }

    List<SubscriptionStore.Row> list(Caller caller, About about, long after, int offset, int limit) {
        return transactions.as(
                access.owners(caller),
                () -> access.decide(caller, Action.READ, KIND, caller.organisation())
                        ? store.list(caller.organisation(), about, after, offset, limit)
                        : List.<SubscriptionStore.Row>of());
    }

    long count(Caller caller, About about) {
        return transactions.as(
                access.owners(caller),
                () -> access.decide(caller, Action.READ, KIND, caller.organisation())
                        ? store.count(caller.organisation(), about)
                        : 0L);
    }

    /** Merge patch on the members of the subscription; from then on it is the patching caller's. */
    Answer patch(Caller caller, Change change, About about, String id, LdBody body) {
        ObjectNode patch = body.object();
        return change.commit(() -> {
            SubscriptionStore.Row row = writable(caller, Action.CHANGE, about, id);
            LdContext context = contexts.ofDocument(row.document());
            ObjectNode came = Renaming.of(patch, body.context(), context);
            SubscriptionReader.clean(came);
            ObjectNode document = Patch.apply(row.document(), came, id);
            SubscriptionReader.remember(document, came, body.context());
            Subscription subscription = read(about, document, context);
            if (patch.has("expiresAt")) {
                SubscriptionReader.demandFuture(subscription, now());
            }
            store.update(row.sid(), caller, document, subscription, now());
            record(caller, "subscription.changed", id);
            return Answer.noContent();
        });
    }

    Answer delete(Caller caller, Change change, About about, String id) {
        return change.commit(() -> {
            store.delete(writable(caller, Action.DELETE, about, id).sid());
            record(caller, "subscription.deleted", id);
            return Answer.noContent();
        });
    }

    private SubscriptionStore.Row writable(Caller caller, Action action, About about, String id) {
        SubscriptionStore.Row row = store.find(caller.organisation(), about, id, true)
                .orElseThrow(() -> NgsiLdFault.absent("subscription", id));
        access.demand(caller, action, KIND, row.owner(), id);
        return row;
    }

    private void record(Caller caller, String action, String id) {
        audit.record(AuditEntry.of(caller, action, KIND, id, caller.organisation()));
        transactions.afterCommit(changed);
    }

    /** As a client reads it: as sent, under the names of the context asked for, with what became of it. */
    ObjectNode told(SubscriptionStore.Row row, LdContext context, boolean withTimes) {
        ObjectNode told = Renaming.of(row.document(), contexts.ofDocument(row.document()), context);
        SubscriptionReader.clean(told);
        told.remove("@context");
        Instant expires = row.expiresAt();
        boolean expired = expires != null && !expires.isAfter(now());
        told.put("status", expired ? "expired" : row.active() ? "active" : "paused");
        if (withTimes) {
            told.put("createdAt", row.createdAt().toString());
            told.put("modifiedAt", row.at().toString());
        }
        ObjectNode notification = told.path("notification") instanceof ObjectNode node
                ? node
                : Json.mapper().createObjectNode();
        SubscriptionStore.Counts counts = row.counts();
        Instant sent = counts.lastSentAt();
        Instant success = counts.lastSuccessAt();
        Instant failure = counts.lastFailureAt();
        boolean failing = failure != null && (success == null || success.isBefore(failure));
        notification.put("status", failing ? "failed" : "ok");
        notification.put("timesSent", counts.sent() + counts.failed());
        notification.put("timesFailed", counts.failed());
        if (sent != null) {
            notification.put("lastNotification", sent.toString());
        }
        if (success != null) {
            notification.put("lastSuccess", success.toString());
        }
        if (failure != null) {
            notification.put("lastFailure", failure.toString());
        }
        return told;
    }
}
