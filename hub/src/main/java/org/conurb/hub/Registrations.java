package org.conurb.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.conurb.hub.Registration.Wanted;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.outbound.OutboundHttp;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients do with registrations of context sources (GS CIM 009 clauses 5.9, 5.10): kept, found and told of. Nothing is
 * asked of the sources yet. Each belongs to the organisation that registered it.
 */
final class Registrations {
    static final String KIND = "ContextSourceRegistration";

    private static final int MOST = 1_000;
    private static final int MOST_COUNTED = 10_000;

    private final Transactions transactions;
    private final RegistrationStore store;
    private final Entities entities;
    private final EntityFinder finder;
    private final Contexts contexts;
    private final Access access;
    private final Model model;
    private final Audit audit;
    private final OutboundHttp outbound;
    private final Clock clock;
    private final Ids ids;
    private final Runnable changed;

    /** @param changed told after each commit that changed a registration */
    Registrations(
            Transactions transactions,
            RegistrationStore store,
            Entities entities,
            EntityFinder finder,
            Contexts contexts,
            Access access,
            Model model,
            Audit audit,
            OutboundHttp outbound,
            Clock clock,
            Ids ids,
            Runnable changed) {
        this.transactions = transactions;
        this.store = store;
        this.entities = entities;
        this.finder = finder;
        this.contexts = contexts;
        this.access = access;
        this.model = model;
        this.audit = audit;
        this.outbound = outbound;
        this.clock = clock;
        this.ids = ids;
        this.changed = changed;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    Answer create(Caller caller, Change change, LdBody body) {
        ObjectNode document = body.object().deepCopy();
        RegistrationReader.clean(document);
        if (!document.has("id") && !document.has("@id")) {
            document.put("id", Ids.urn(KIND, ids.next()));
        }
        Registration registration = read(document, body.context());
        return change.commit(() -> {
            access.demand(caller, Action.CREATE, KIND, caller.organisation(), registration.id());
            if (store.count(caller.organisation()) >= MOST) {
                throw NgsiLdFault.unsupported(
                        "%s has %d registrations already.".formatted(caller.organisation(), MOST),
                        "Delete some, or join them: one registration may tell of many entities.");
            }
            demandFree(caller, caller.organisation(), registration);
            store.insert(caller.organisation(), document, registration, now());
            record(caller, "registration.created", registration.id(), caller.organisation());
            return Answer.noContent()
                    .status(201)
                    .with("Location", location(registration.id()).toString());
        });
    }

    /** Reads it and keeps its context with it. */
    private Registration read(ObjectNode document, LdContext context) {
        document.set("@context", context.asSent());
        Registration registration = new RegistrationReader(context).read(document);
        outbound.demand(registration.endpoint());
        if (registration.expiresAt().map(at -> !at.isAfter(now())).orElse(false)) {
            throw NgsiLdFault.badData("expiresAt is in the past.", "Send a moment to come, or leave it out.");
        }
        return registration;
    }

    static URI location(String id) {
        return URI.create("/ngsi-ld/v1/csourceRegistrations/"
                + URLEncoder.encode(id, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%3A", ":"));
    }

    /** Refuses to claim what another source has claimed, or what is here already (clause 5.9.2.4). */
    private void demandFree(Caller caller, OrganisationId owner, Registration registration) {
        if (!registration.mode().proxied()) {
            return;
        }
        for (RegistrationStore.Row other : store.proxied(owner)) {
            boolean over = Optional.ofNullable(other.expiresAt())
                    .map(at -> !at.isAfter(now()))
                    .orElse(false);
            if (!other.id().equals(registration.id())
                    && !over
                    && registration.conflicts(other.registration(contexts))) {
                throw NgsiLdFault.conflict(
                        "%s claims some of that already, and one of both is exclusive.".formatted(other.id()),
                        "Register other entities or attributes, or as inclusive, or change that registration.");
            }
        }
        Sight sight = new Sight(access, model, caller, now());
        for (Registration.Information one : registration.information()) {
            for (Registration.Info info : one.entities()) {
                boolean here = registration.mode() == Registration.Mode.EXCLUSIVE
                        ? hasAttribute(sight, info.id().orElseThrow(), one.attributes())
                        : !finder.find(query(info, one.attributes()), sight)
                                .entities()
                                .isEmpty();
                if (here) {
                    throw NgsiLdFault.conflict(
                            "This hub has something of what %s would claim."
                                    .formatted(
                                            info.id().orElse("an entity of type " + String.join(", ", info.types()))),
                            "Delete it here first, or register as inclusive.");
                }
            }
        }
    }

    private boolean hasAttribute(Sight sight, String id, Set<String> attributes) {
        return entities.stored(id)
                .filter(found -> sight.reads(Stored.types(found.seen()), found.owner()))
                .map(found -> attributes.stream().anyMatch(found.seen()::has))
                .orElse(false);
    }

    /** Names are as kept, which are their own under the core context. */
    private static EntityQuery query(Registration.Info info, Set<String> attributes) {
        Map<String, String> given = new HashMap<>(Map.of("limit", "1", "type", String.join(",", info.types())));
        info.id().ifPresent(id -> given.put("id", id));
        info.idPattern()
                .ifPresent(pattern -> given.put("idPattern", pattern.pattern().pattern()));
        if (!attributes.isEmpty()) {
            given.put("attrs", String.join(",", attributes));
        }
        return EntityQuery.of(given, LdContext.CORE);
    }

    RegistrationStore.Row get(Caller caller, String id) {
        return transactions.as(access.owners(caller), () -> {
            RegistrationStore.Row row = store.find(id, false).orElseThrow(() -> NgsiLdFault.absent("registration", id));
            access.demand(caller, Action.READ, KIND, row.owner(), id);
            return row;
        });
    }

    /**
     * @param next number to go on behind, where there are more
     * @param count of all that match, where asked for
     */
    record Page(List<RegistrationStore.Row> rows, Optional<Long> next, OptionalLong count) {}

    Page find(Caller caller, Wanted wanted, EntityQuery page) {
        return transactions.as(access.owners(caller), () -> {
            List<RegistrationStore.Row> rows = new ArrayList<>();
            Set<OrganisationId> owners = access.predicate(caller, Action.READ, KIND);
            List<String> types = types(wanted.selectors());
            int[] skipped = new int[1];
            store.each(owners, types, page.cursor().iid(), now(), row -> {
                if (row.registration(contexts).matches(wanted) && skipped[0]++ >= page.offset()) {
                    rows.add(row);
                }
                return rows.size() <= page.limit();
            });
            boolean more = rows.size() > page.limit();
            List<RegistrationStore.Row> shown = more ? rows.subList(0, page.limit()) : rows;
            return new Page(
                    List.copyOf(shown),
                    more && page.limit() > 0 ? Optional.of(shown.getLast().rid()) : Optional.empty(),
                    page.count() ? OptionalLong.of(count(owners, types, wanted)) : OptionalLong.empty());
        });
    }

    private long count(Set<OrganisationId> owners, List<String> types, Wanted wanted) {
        long[] counted = new long[2];
        store.each(owners, types, 0, now(), row -> {
            if (row.registration(contexts).matches(wanted)) {
                counted[0]++;
            }
            if (++counted[1] > MOST_COUNTED) {
                throw NgsiLdFault.tooManyResults(
                        "More than %d registrations would have to be looked at.".formatted(MOST_COUNTED),
                        "Leave count out, or narrow the query down.");
            }
            return true;
        });
        return counted[0];
    }

    /** Types that narrow down; none where some selector is for all. */
    static List<String> types(List<EntitySelector> selectors) {
        return selectors.stream().anyMatch(selector -> selector.types().kinds().isEmpty())
                ? List.of()
                : selectors.stream()
                        .flatMap(selector -> selector.types().kinds().stream())
                        .distinct()
                        .toList();
    }

    /** What a subscription to registrations asks for (clause 5.12). */
    static Wanted wanted(Subscription subscription) {
        Set<String> attributes = new java.util.HashSet<>(subscription.told());
        if (!attributes.isEmpty()) {
            attributes.addAll(subscription.watched());
        }
        return new Wanted(
                subscription.query().selectors(),
                attributes,
                Set.of(),
                subscription.csf(),
                subscription.query().geo(),
                subscription.times(),
                subscription.query().scopes());
    }

    Answer patch(Caller caller, Change change, String id, LdBody body) {
        ObjectNode patch = body.object();
        return change.commit(() -> {
            RegistrationStore.Row row = writable(caller, Action.CHANGE, id);
            LdContext context = contexts.ofDocument(row.document());
            ObjectNode document = Patch.apply(row.document(), Renaming.of(patch, body.context(), context), id);
            RegistrationReader.clean(document);
            Registration registration = read(document, context);
            demandFree(caller, row.owner(), registration);
            store.update(row, document, registration, now());
            record(caller, "registration.changed", id, row.owner());
            return Answer.noContent();
        });
    }

    Answer delete(Caller caller, Change change, String id) {
        return change.commit(() -> {
            RegistrationStore.Row row = writable(caller, Action.DELETE, id);
            store.delete(row, now());
            record(caller, "registration.deleted", id, row.owner());
            return Answer.noContent();
        });
    }

    private RegistrationStore.Row writable(Caller caller, Action action, String id) {
        RegistrationStore.Row row = store.find(id, true).orElseThrow(() -> NgsiLdFault.absent("registration", id));
        access.demand(caller, action, KIND, row.owner(), id);
        return row;
    }

    private void record(Caller caller, String action, String id, OrganisationId owner) {
        audit.record(AuditEntry.of(caller, action, KIND, id, owner));
        transactions.afterCommit(changed);
    }

    /** As a client reads it. */
    ObjectNode told(RegistrationStore.Row row, LdContext context, boolean withTimes) {
        ObjectNode told = renamed(row.document(), contexts.ofDocument(row.document()), context);
        Instant expires = row.expiresAt();
        if (expires != null && !expires.isAfter(now())) {
            told.put("status", "expired");
        }
        if (withTimes) {
            told.put("createdAt", row.createdAt().toString());
            told.put("modifiedAt", row.at().toString());
        }
        return told;
    }

    /** With only some of its information. */
    static ObjectNode told(ObjectNode document, LdContext from, LdContext to, Set<Integer> information) {
        ObjectNode told = renamed(document, from, to);
        JsonNode all = told.path("information");
        if (all instanceof ArrayNode list) {
            ArrayNode some = told.putArray("information");
            information.stream().sorted().forEach(n -> some.add(list.get(n)));
        }
        return told;
    }

    private static ObjectNode renamed(ObjectNode document, LdContext from, LdContext to) {
        ObjectNode renamed = Renaming.of(document, from, to);
        renamed.remove("@context");
        for (String name : List.copyOf(renamed.propertyNames())) {
            if (from != to && RegistrationReader.isProperty(name)) {
                renamed.set(to.compact(from.expand(name)), renamed.remove(name));
            }
        }
        return renamed;
    }
}
