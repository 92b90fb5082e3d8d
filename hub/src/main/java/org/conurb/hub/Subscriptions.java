package org.conurb.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import tools.jackson.databind.node.ObjectNode;

/** What clients do with subscriptions; each belongs to the organisation of the caller that made it. */
final class Subscriptions {
    private static final String KIND = "Subscription";
    private static final int MOST = 1_000;

    private final Transactions transactions;
    private final SubscriptionStore store;
    private final Contexts contexts;
    private final Access access;
    private final Audit audit;
    private final OutboundHttp outbound;
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
            OutboundHttp outbound,
            Clock clock,
            Ids ids,
            Runnable changed) {
        this.transactions = transactions;
        this.store = store;
        this.contexts = contexts;
        this.access = access;
        this.audit = audit;
        this.outbound = outbound;
        this.clock = clock;
        this.ids = ids;
        this.changed = changed;
    }

    Answer create(Caller caller, Change change, LdBody body) {
        ObjectNode document = body.object().deepCopy();
        if (!document.has("id")) {
            document.put("id", Ids.urn(KIND, ids.next()));
        }
        Subscription subscription = new SubscriptionReader(body.context()).read(document);
        outbound.demand(subscription.endpoint());
        return change.commit(() -> {
            access.demand(caller, Action.CREATE, KIND, caller.organisation(), subscription.id());
            if (store.count(caller.organisation()) >= MOST) {
                throw NgsiLdFault.unsupported(
                        "%s has %d subscriptions already.".formatted(caller.organisation(), MOST),
                        "Delete some, or join them: one subscription may select many types.");
            }
            store.insert(caller, document, subscription, clock.instant());
            record(caller, "subscription.created", subscription.id());
            return Answer.noContent()
                    .status(201)
                    .with("Location", location(subscription.id()).toString());
        });
    }

    private static URI location(String id) {
        return URI.create("/ngsi-ld/v1/subscriptions/"
                + URLEncoder.encode(id, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%3A", ":"));
    }

    SubscriptionStore.Row get(Caller caller, String id) {
        return transactions.as(access.owners(caller), () -> {
            SubscriptionStore.Row row = store.find(caller.organisation(), id, false)
                    .orElseThrow(() -> NgsiLdFault.absent("subscription", id));
            access.demand(caller, Action.READ, KIND, row.owner(), id);
            return row;
        });
    }

    List<SubscriptionStore.Row> list(Caller caller, long after, int limit) {
        return transactions.as(
                access.owners(caller),
                () -> access.decide(caller, Action.READ, KIND, caller.organisation())
                        ? store.list(caller.organisation(), after, limit)
                        : List.<SubscriptionStore.Row>of());
    }

    long count(Caller caller) {
        return transactions.as(
                access.owners(caller),
                () -> access.decide(caller, Action.READ, KIND, caller.organisation())
                        ? store.count(caller.organisation())
                        : 0L);
    }

    /** Merge patch on the members of the subscription; from then on it is the patching caller's. */
    Answer patch(Caller caller, Change change, String id, LdBody body) {
        ObjectNode patch = body.object();
        return change.commit(() -> {
            SubscriptionStore.Row row = writable(caller, Action.CHANGE, id);
            ObjectNode document = row.document().deepCopy();
            patch.properties().forEach(member -> {
                if (member.getValue().isNull()) {
                    document.remove(member.getKey());
                } else if (member.getValue() instanceof ObjectNode coming
                        && document.get(member.getKey()) instanceof ObjectNode kept) {
                    kept.setAll(coming);
                } else if (!member.getKey().equals("id")) {
                    document.set(member.getKey(), member.getValue());
                }
            });
            Subscription subscription = new SubscriptionReader(contexts.ofDocument(document)).read(document);
            outbound.demand(subscription.endpoint());
            store.update(row.sid(), caller, document, subscription, clock.instant());
            record(caller, "subscription.changed", id);
            return Answer.noContent();
        });
    }

    Answer delete(Caller caller, Change change, String id) {
        return change.commit(() -> {
            store.delete(writable(caller, Action.DELETE, id).sid());
            record(caller, "subscription.deleted", id);
            return Answer.noContent();
        });
    }

    private SubscriptionStore.Row writable(Caller caller, Action action, String id) {
        SubscriptionStore.Row row =
                store.find(caller.organisation(), id, true).orElseThrow(() -> NgsiLdFault.absent("subscription", id));
        access.demand(caller, action, KIND, row.owner(), id);
        return row;
    }

    private void record(Caller caller, String action, String id) {
        audit.record(AuditEntry.of(caller, action, KIND, id, caller.organisation()));
        transactions.afterCommit(changed);
    }

    /** As a client reads it: as sent, with what became of it. */
    ObjectNode told(SubscriptionStore.Row row) {
        ObjectNode told = row.document().deepCopy();
        told.remove("@context");
        Instant expires = row.expiresAt();
        boolean expired = expires != null && !expires.isAfter(clock.instant());
        told.put("status", expired ? "expired" : row.active() ? "active" : "paused");
        told.put("createdAt", row.createdAt().toString());
        told.put("modifiedAt", row.at().toString());
        ObjectNode notification = told.path("notification") instanceof ObjectNode node
                ? node
                : Json.mapper().createObjectNode();
        SubscriptionStore.Counts counts = row.counts();
        notification.put("timesSent", counts.sent());
        notification.put("timesFailed", counts.failed());
        Instant sent = counts.lastSentAt();
        Instant success = counts.lastSuccessAt();
        Instant failure = counts.lastFailureAt();
        if (sent != null) {
            notification.put("lastNotification", sent.toString());
        }
        if (success != null) {
            notification.put("lastSuccess", success.toString());
        }
        if (failure != null) {
            notification.put("lastFailure", failure.toString());
        }
        boolean failing = failure != null && (success == null || success.isBefore(failure));
        notification.put("status", failing ? "failed" : "ok");
        return told;
    }
}
