package org.conurb.agreements;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.CaseStatus;
import org.conurb.kernel.City;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * Finds the grant under which a caller sees what concerns persons. In this order: the grant that the caller names, and no
 * other then; else, for people and for whoever has taken a seat, one derived from the role and the open case (or, for
 * positions of units, from the role alone); else one under the client's default purpose, for a day.
 *
 * <p>The first use of a grant on a kind and case in an hour is written to the audit log: to the reader's organisation, and
 * to each whose things are shown, so that the auditors of both see it. All that is remembered costs no
 * SQL; the rest happens in the caller's transaction, or in one of its own where there is none. Two transactions that
 * derive the same grant at the same moment may each make one: both are audited, and neither waits for the other.
 */
final class Purposes {
    static final String KIND = "Grant";
    /** Purpose that people are taken to work under without saying so; a city says which roles may. */
    private static final String DERIVED = "dispatch";
    /** Kinds that concern persons and belong to no case, yet are needed to dispatch. */
    private static final Set<String> WITHOUT_CASE = Set.of("Unit", "TalkMessage", "TalkEmergency");
    /** Kinds that need belong to no case and may be needed for any: a grant for a case that is open covers them. */
    private static final Set<String> FOR_ANY_CASE = Set.of("Camera", "TalkSpurt");
    /** Kinds whose rooms write what is seen under a grant themselves, by thing and span. */
    private static final Set<String> RECORDED_BY_ROOM = Set.of("Camera", "TalkSpurt");

    private final City city;
    private final Rules rules;
    private final Transactions transactions;
    private final GrantRows rows;
    private final Remembered remembered;
    private final Audit audit;
    private final Supplier<CaseStatus> cases;
    private final Clock clock;
    private final Ids ids;
    private final Lock[] locks = Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

    /** One question: may this caller see things of that kind and case now? */
    private record Question(Caller caller, String kind, Optional<String> caseId, Instant now) {}

    Purposes(
            City city,
            Rules rules,
            Transactions transactions,
            Remembered remembered,
            Audit audit,
            Supplier<CaseStatus> cases,
            Clock clock,
            Ids ids) {
        this.city = city;
        this.rules = rules;
        this.transactions = transactions;
        this.rows = new GrantRows(transactions.jdbc());
        this.remembered = remembered;
        this.audit = audit;
        this.cases = cases;
        this.clock = clock;
        this.ids = ids;
    }

    Optional<UUID> of(Caller caller, String kind, Optional<String> caseId) {
        Question question = new Question(caller, kind, caseId, clock.instant());
        Optional<Remembered.Key> key = key(question);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<UUID> known = known(question, key.get());
        if (known.isPresent()) {
            return known;
        }
        return transactions.active() ? find(question, key.get()) : findAlone(question, key.get());
    }

    /** Whether the case is open, as seen in the current transaction. */
    boolean isOpen(Caller caller, String caseId, Instant now) {
        if (remembered.open(caller.organisation(), caseId, now)) {
            return true;
        }
        boolean open = cases.get().isOpen(caseId);
        if (open) {
            remembered.opened(caller.organisation(), caseId, now);
        }
        return open;
    }

    static boolean mayTake(Caller caller, City.Purpose purpose) {
        return caller.isSystem() || purpose.roles().stream().anyMatch(caller::has);
    }

    private Optional<Remembered.Key> key(Question question) {
        Caller caller = question.caller();
        if (rules.predicate(caller, Action.READ, question.kind()).isEmpty()) {
            return Optional.empty();
        }
        if (caller.grant().isPresent()) {
            return caller.grant().map(Remembered.Key.Named::new);
        }
        return derivable(question)
                .map(purpose -> new Remembered.Key.Derived(
                        caller.organisation(),
                        caller.subject(),
                        purpose.code(),
                        purpose.needsCase() ? question.caseId() : Optional.empty()));
    }

    private Optional<City.Purpose> derivable(Question question) {
        Caller caller = question.caller();
        boolean placed = question.caseId().isPresent() || WITHOUT_CASE.contains(question.kind());
        Optional<City.Purpose> fromSeat = city.purpose(DERIVED)
                .filter(purpose -> placed && mayTake(caller, purpose))
                .filter(purpose ->
                        caller.seat().isPresent() || caller.defaultPurpose().isEmpty());
        return fromSeat.or(() -> caller.defaultPurpose()
                .flatMap(city::purpose)
                .filter(purpose -> mayTake(caller, purpose))
                .filter(purpose -> !purpose.needsCase() || question.caseId().isPresent()));
    }

    /** The answer where nothing must be asked or written. */
    private Optional<UUID> known(Question question, Remembered.Key key) {
        return remembered
                .grant(key, question.now())
                .filter(grant -> covers(grant, question))
                .filter(grant -> grant.caseId()
                        .map(id -> remembered.open(question.caller().organisation(), id, question.now()))
                        .orElse(true))
                .filter(grant -> remembered.used(use(grant, question)))
                .map(PurposeGrant::id);
    }

    private Optional<UUID> findAlone(Question question, Remembered.Key key) {
        // One writes while many streams of one person ask at the same moment; other cases under the same grant go on.
        int what = remembered.grant(key, question.now()).isPresent()
                ? Objects.hash(key, question.kind(), question.caseId())
                : key.hashCode();
        Lock lock = locks[Math.floorMod(what, locks.length)];
        lock.lock();
        try {
            Optional<UUID> known = known(question, key);
            return known.isPresent()
                    ? known
                    : transactions.as(rules.owners(question.caller()), () -> find(question, key));
        } finally {
            lock.unlock();
        }
    }

    private Optional<UUID> find(Question question, Remembered.Key key) {
        Optional<PurposeGrant> found = switch (key) {
            case Remembered.Key.Named named ->
                read(key, question.now(), () -> rows.find(named.id()))
                        .filter(grant -> covers(grant, question))
                        .filter(grant -> stillOpen(grant.caseId(), question));
            case Remembered.Key.Derived derived ->
                stillOpen(derived.caseId(), question) ? Optional.of(derive(derived, question)) : Optional.empty();
        };
        found.ifPresent(grant -> recordUse(grant, question));
        return found.map(PurposeGrant::id);
    }

    private boolean stillOpen(Optional<String> caseId, Question question) {
        return caseId.map(id -> isOpen(question.caller(), id, question.now())).orElse(true);
    }

    private Optional<PurposeGrant> read(Remembered.Key key, Instant now, Supplier<Optional<PurposeGrant>> fromRows) {
        Optional<PurposeGrant> known = remembered.grant(key, now);
        if (known.isPresent()) {
            return known;
        }
        Optional<PurposeGrant> read = fromRows.get();
        read.ifPresent(grant -> remembered.grant(grant, now));
        return read;
    }

    /** Everything but whether its case is still open. */
    private boolean covers(PurposeGrant grant, Question question) {
        Caller caller = question.caller();
        return grant.subject().equals(caller.subject())
                && grant.organisation().equals(caller.organisation())
                && grant.inForce(question.now())
                && city.purpose(grant.purpose())
                        .filter(purpose -> mayTake(caller, purpose))
                        .map(purpose -> coversCase(grant, purpose, question))
                        .orElse(false);
    }

    private static boolean coversCase(PurposeGrant grant, City.Purpose purpose, Question question) {
        if (grant.caseId().isPresent()) {
            return grant.caseId().equals(question.caseId())
                    || question.caseId().isEmpty() && FOR_ANY_CASE.contains(question.kind());
        }
        return !purpose.needsCase() || question.caseId().isEmpty() && WITHOUT_CASE.contains(question.kind());
    }

    private PurposeGrant derive(Remembered.Key.Derived key, Question question) {
        Instant now = question.now();
        return read(key, now, () -> rows.derived(key.organisation(), key.subject(), key.purpose(), key.caseId(), now))
                .filter(grant -> covers(grant, question))
                .orElseGet(() -> make(key, question));
    }

    private PurposeGrant make(Remembered.Key.Derived key, Question question) {
        Caller caller = question.caller();
        Instant now = question.now();
        Instant until = now.plus(city.purpose(key.purpose()).orElseThrow().lasts());
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
        boolean daily = key.caseId().isEmpty() && caller.seat().isEmpty() && midnight.isBefore(until);
        PurposeGrant grant = new PurposeGrant(
                ids.next(),
                key.organisation(),
                key.subject(),
                caller.seat(),
                key.purpose(),
                key.caseId(),
                true,
                now,
                daily ? midnight : until,
                Optional.empty());
        rows.insert(grant);
        audit.record(AuditEntry.of(caller, "grant.derived", KIND, grant.id().toString(), grant.organisation())
                .under(Optional.of(grant.id()))
                .with(facts(grant)));
        remembered.grant(grant, now);
        return grant;
    }

    /** Names what a grant is for in the audit log. */
    static Map<String, String> facts(PurposeGrant grant) {
        Map<String, String> facts = new HashMap<>();
        facts.put("purpose", grant.purpose());
        facts.put("until", grant.until().toString());
        grant.caseId().ifPresent(id -> facts.put("case", id));
        grant.seat().ifPresent(seat -> facts.put("seat", seat));
        return facts;
    }

    private void recordUse(PurposeGrant grant, Question question) {
        Remembered.Use use = use(grant, question);
        if (remembered.used(use)) {
            return;
        }
        if (RECORDED_BY_ROOM.contains(question.kind())) {
            remembered.use(use);
            return;
        }
        Caller caller = question.caller();
        providers(question).forEach(owner -> recordRead(grant, question, owner));
        recordRead(grant, question, caller.organisation()); // last: the answer carries the reader's own entry
        remembered.use(use);
    }

    /** Other organisations of whose things this use shows: their auditors see who reads them. */
    private Set<OrganisationId> providers(Question question) {
        Set<OrganisationId> owners = new LinkedHashSet<>(
                question.caseId().isPresent()
                        ? question.caseId()
                                .flatMap(cases.get()::owner)
                                .map(Set::of)
                                .orElse(Set.of())
                        : rules.predicate(question.caller(), Action.READ, question.kind()));
        owners.remove(question.caller().organisation());
        return owners;
    }

    private void recordRead(PurposeGrant grant, Question question, OrganisationId owner) {
        Caller caller = question.caller();
        audit.record(AuditEntry.of(
                        caller,
                        name(question.kind()) + ".read",
                        question.kind(),
                        question.caseId().orElse("*"),
                        owner)
                .under(Optional.of(grant.id()))
                .with(Map.of(
                        "purpose",
                        grant.purpose(),
                        "reader",
                        caller.organisation().value())));
    }

    private static Remembered.Use use(PurposeGrant grant, Question question) {
        return new Remembered.Use(
                grant.id(), question.kind(), question.caseId(), question.now().getEpochSecond() / 3600);
    }

    /** {@code AuditEntry} gives {@code audit-entry}; a kind that is an IRI gives {@code entity}. */
    private static String name(String kind) {
        return kind.contains(":")
                ? "entity"
                : kind.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
