package org.conurb.hub;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.conurb.hub.SubscriptionIndex.Compiled;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns changes of entities and registrations into notifications: a follower of the stream, so a notification is on disk
 * when the cursor moves. A subscriber is told what it may read, and never what concerns persons, which stands under a
 * purpose and is fetched.
 */
final class Notifications {
    static final String CURSOR = "hub.subscriptions";

    private final Transactions transactions;
    private final SubscriptionIndex index;
    private final Outbox outbox;
    private final Contexts contexts;
    private final Access access;
    private final Model model;
    private final Standing standing;
    private final Clock clock;
    private final Runnable withheld;

    /** @param withheld told after commit where throttling kept something back */
    Notifications(
            Transactions transactions,
            SubscriptionIndex index,
            Outbox outbox,
            Contexts contexts,
            Access access,
            Model model,
            Standing standing,
            Clock clock,
            Runnable withheld) {
        this.transactions = transactions;
        this.index = index;
        this.outbox = outbox;
        this.contexts = contexts;
        this.access = access;
        this.model = model;
        this.standing = standing;
        this.clock = clock;
        this.withheld = withheld;
    }

    /** Whether anybody subscribed to such things; on the follower's thread and in its transaction. */
    boolean wants(List<String> types) {
        return types.contains(ChangeRow.REGISTRATION) ? index.hasOfRegistrations() : index.hasOf(types);
    }

    /** On the follower's thread and in its transaction. */
    void handle(ChangeRow change) {
        if (change.ofRegistration()) {
            registration(change);
            return;
        }
        var candidates = index.of(change.types());
        if (candidates.isEmpty()) {
            return;
        }
        Alteration alteration = new Alteration(change, model.personal(change.types()));
        for (Compiled compiled : candidates) {
            Subscription subscription = compiled.subscription();
            if (compiled.row().tenant().equals(change.tenant())
                    && subscription.selects(change.id(), change.types())
                    && alteration.fires(subscription.triggers(), subscription.watched())
                    && stands(compiled)
                    && reads(compiled, change)) {
                LinkedEntities linked = linked(compiled);
                if (subscription.query().matches(alteration.document(), change.types(), linked::read)) {
                    outbox.tell(
                            compiled.row(), subscription, change.id(), alteration.told(subscription, linked), withheld);
                }
            }
        }
    }

    /** Entities behind links, as the subscriber sees them in that tenant. */
    private LinkedEntities linked(Compiled compiled) {
        if (compiled.subscription().looksBehindLinks()) {
            transactions
                    .jdbc()
                    .sql("select set_config('conurb.tenant', :tenant, true)")
                    .param("tenant", compiled.row().tenant())
                    .query(String.class)
                    .single();
        }
        return new LinkedEntities(
                transactions,
                new Sight(new WithoutPurpose(access), model, compiled.row().subscriber(), clock.instant()));
    }

    private boolean stands(Compiled compiled) {
        return !compiled.subscription().expired(clock.instant())
                && standing.holds(compiled.row().subscriber());
    }

    private boolean reads(Compiled compiled, ChangeRow change) {
        return change.types().stream()
                .allMatch(type ->
                        access.decide(compiled.row().subscriber(), Action.READ, Access.entities(type), change.owner()));
    }

    private void registration(ChangeRow change) {
        ObjectNode was = change.was();
        ObjectNode is = change.document().orElseGet(Documents::none);
        for (Compiled compiled : index.ofRegistrations()) {
            Subscription subscription = compiled.subscription();
            if (compiled.row().tenant().equals(change.tenant())
                    && stands(compiled)
                    && access.decide(compiled.row().subscriber(), Action.READ, Registrations.KIND, change.owner())) {
                boolean matched = matches(was, subscription);
                boolean matches = matches(is, subscription);
                if (matched || matches) {
                    outbox.send(
                            compiled.row(),
                            subscription,
                            Json.mapper().createArrayNode().add(told(matches ? is : was, subscription)),
                            !matched ? "newlyMatching" : matches ? "updated" : "noLongerMatching");
                }
            }
        }
    }

    private boolean matches(ObjectNode document, Subscription subscription) {
        if (document.isEmpty()) {
            return false;
        }
        Registration registration = new RegistrationReader(contexts.ofDocument(document)).read(document);
        return registration.expiresAt().map(clock.instant()::isBefore).orElse(true)
                && registration.matches(Registrations.wanted(subscription));
    }

    /** The registration with that of its information which matches, under the subscription's names. */
    private ObjectNode told(ObjectNode document, Subscription subscription) {
        return Registrations.told(
                document,
                contexts.ofDocument(document),
                subscription.form().context(),
                Set.copyOf(new RegistrationReader(contexts.ofDocument(document))
                        .read(document)
                        .matching(Registrations.wanted(subscription))));
    }
}
