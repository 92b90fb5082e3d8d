package org.conurb.identity;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;

/**
 * Sessions at the console, kept in the database so that they survive the server. Who a session belongs to is looked up
 * once in five seconds at most; what ends here ends at once.
 */
final class Sessions {
    private static final Duration LOOKED_UP_FOR = Duration.ofSeconds(5);
    private static final Duration SEEN_WITHIN = Duration.ofMinutes(5);
    private static final Duration PURGED_EVERY = Duration.ofHours(1);
    private static final int MOST_OF_A_PERSON = 20;

    /** @param audit entry that tells of the change */
    record Changed(Session session, UUID audit) {}

    private record Last(Optional<String> organisation, Optional<String> seat) {}

    private final Transactions transactions;
    private final PersonStore people;
    private final Organisations organisations;
    private final Audit audit;
    private final IdentitySettings settings;
    private final Clock clock;
    private final Remembered<String, Optional<Session>> remembered;
    private final AtomicReference<Instant> purged = new AtomicReference<>(Instant.EPOCH);

    Sessions(
            Transactions transactions,
            PersonStore people,
            Organisations organisations,
            Audit audit,
            IdentitySettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.people = people;
        this.organisations = organisations;
        this.audit = audit;
        this.settings = settings;
        this.clock = clock;
        this.remembered = new Remembered<>(clock, LOOKED_UP_FOR, 10_000);
    }

    /** The session of a cookie; empty where it is over or never was. */
    Optional<Session> find(String cookie) {
        return known(SessionCookie.key(cookie));
    }

    /** Whether it is not over. */
    boolean still(Session session) {
        return known(session.key()).isPresent();
    }

    private Optional<Session> known(String hash) {
        return remembered
                .get(hash, key -> transactions.asSystem(() -> load(key)))
                .filter(this::lives);
    }

    /**
     * Begins one where the person worked last.
     *
     * @param means {@code password} or {@code passkey}
     * @throws Failures.NoOrganisation where the person has no role
     */
    Changed open(Person person, String cookie, String means) {
        if (person.roles().isEmpty()) {
            throw new Failures.NoOrganisation();
        }
        Instant now = clock.instant();
        String key = SessionCookie.key(cookie);
        Changed opened = transactions.asSystem(() -> {
            purge(now);
            Last last = last(person);
            OrganisationId organisation = person.roles().keySet().stream()
                    .filter(each -> last.organisation().equals(Optional.of(each.value())))
                    .findFirst()
                    .orElseGet(() -> person.roles().keySet().iterator().next());
            Session session = new Session(
                    key, person, organisation, seatAtStart(person.roles(), organisation, last.seat()), now, now);
            insert(session);
            return new Changed(session, record(session, "session.opened", Map.of("by", means)));
        });
        remembered.forget(key);
        return opened;
    }

    /** Acts for another organisation, where the person sits on the only seat there is or on none. */
    Changed actFor(Session session, OrganisationId organisation) {
        Set<Role> roles = session.person().roles().get(organisation);
        if (roles == null) {
            throw new Failures.NotYours(organisation);
        }
        Optional<String> seat = seatAtStart(session.person().roles(), organisation, Optional.empty());
        return move(session, organisation, seat, "session.organisation");
    }

    /** Takes a seat, or leaves it. */
    Changed sit(Session session, Optional<String> seat) {
        List<City.Seat> open = organisations.seats(session.organisation(), session.roles());
        seat.ifPresent(wanted -> {
            if (open.stream().noneMatch(each -> each.id().equals(wanted))) {
                throw new BadRequest(
                        "seat-unknown",
                        "There is no seat %s that you can take in %s.".formatted(wanted, session.organisation()),
                        "Take one that GET /api/session lists under seats, or act for its organisation first.");
            }
        });
        return move(session, session.organisation(), seat, seat.isPresent() ? "seat.taken" : "seat.left");
    }

    UUID close(Session session) {
        UUID entry = transactions.asSystem(() -> {
            delete(session.key());
            return record(session, "session.closed", Map.of());
        });
        remembered.forget(session.key());
        return entry;
    }

    /** A person has changed: look all up again. */
    void forgetAll() {
        remembered.forgetAll();
    }

    private Changed move(Session session, OrganisationId organisation, Optional<String> seat, String action) {
        Session moved =
                new Session(session.key(), session.person(), organisation, seat, session.openedAt(), session.seenAt());
        UUID entry = transactions.asSystem(() -> {
            transactions
                    .jdbc()
                    .sql("update identity.session set organisation_id = :organisation, seat = :seat where key = :key")
                    .param("organisation", organisation.value())
                    .param("seat", seat.orElse(null))
                    .param("key", HexFormat.of().parseHex(session.key()))
                    .update();
            people.remember(session.person().id(), organisation, seat);
            return record(moved, action, seat.map(each -> Map.of("seat", each)).orElse(Map.of()));
        });
        remembered.forget(session.key());
        return new Changed(moved, entry);
    }

    private Optional<String> seatAtStart(
            Map<OrganisationId, Set<Role>> roles, OrganisationId organisation, Optional<String> last) {
        List<String> open = organisations.seats(organisation, roles.getOrDefault(organisation, Set.of())).stream()
                .map(City.Seat::id)
                .toList();
        return open.size() == 1 ? Optional.of(open.getFirst()) : last.filter(open::contains);
    }

    private boolean lives(Session session) {
        Instant now = clock.instant();
        return now.isBefore(session.openedAt().plus(settings.sessionLongest()))
                && now.isBefore(session.seenAt().plus(settings.sessionIdle()).plus(SEEN_WITHIN));
    }

    private UUID record(Session session, String action, Map<String, String> facts) {
        // The first half of the key's hash names the session without giving it away.
        return audit.record(AuditEntry.of(
                        session.caller(), action, "Session", session.key().substring(0, 32), session.organisation())
                .with(facts));
    }

    private Optional<Session> load(String key) {
        Optional<Session> found = transactions
                .jdbc()
                .sql("""
                        select p.id, p.username, p.name, p.epoch, %s,
                               (select count(*) from identity.passkey k where k.person = p.id) as passkeys,
                               s.organisation_id, s.seat, s.opened_at, s.seen_at
                          from identity.session s join identity.person p on p.id = s.person and p.epoch = s.epoch
                         where s.key = :key and p.disabled_at is null
                        """.formatted(PersonStore.MEMBERSHIPS))
                .param("key", HexFormat.of().parseHex(key))
                .query((row, n) -> session(key, row))
                .optional()
                .filter(session -> !session.person().roles().isEmpty())
                .filter(this::lives);
        Instant now = clock.instant();
        return found.map(session -> session.seenAt().plus(SEEN_WITHIN).isAfter(now) ? session : seen(session, now));
    }

    private Session session(String key, ResultSet row) throws SQLException {
        Person person = people.person(row);
        OrganisationId kept = new OrganisationId(row.getString("organisation_id"));
        boolean still = person.roles().containsKey(kept) || person.roles().isEmpty();
        return new Session(
                key,
                person,
                still ? kept : person.roles().keySet().iterator().next(),
                still ? Optional.ofNullable(row.getString("seat")) : Optional.empty(),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                row.getObject("seen_at", OffsetDateTime.class).toInstant());
    }

    private Session seen(Session session, Instant now) {
        transactions
                .jdbc()
                .sql("update identity.session set seen_at = :now where key = :key")
                .param("now", now.atOffset(UTC))
                .param("key", HexFormat.of().parseHex(session.key()))
                .update();
        return new Session(
                session.key(), session.person(), session.organisation(), session.seat(), session.openedAt(), now);
    }

    private Last last(Person person) {
        return transactions
                .jdbc()
                .sql("select last_organisation, last_seat from identity.person where id = :id")
                .param("id", person.id())
                .query((row, n) ->
                        new Last(Optional.ofNullable(row.getString(1)), Optional.ofNullable(row.getString(2))))
                .single();
    }

    private void insert(Session session) {
        transactions
                .jdbc()
                .sql("""
                        insert into identity.session (key, person, epoch, organisation_id, seat, opened_at, seen_at)
                        values (:key, :person, :epoch, :organisation, :seat, :now, :now)
                        """)
                .param("key", HexFormat.of().parseHex(session.key()))
                .param("person", session.person().id())
                .param("epoch", session.person().epoch())
                .param("organisation", session.organisation().value())
                .param("seat", session.seat().orElse(null))
                .param("now", session.openedAt().atOffset(UTC))
                .update();
        transactions
                .jdbc()
                .sql("""
                        delete from identity.session where person = :person and key not in (
                               select key from identity.session where person = :person order by seen_at desc limit :most)
                        """)
                .param("person", session.person().id())
                .param("most", MOST_OF_A_PERSON)
                .update();
    }

    private void delete(String key) {
        transactions
                .jdbc()
                .sql("delete from identity.session where key = :key")
                .param("key", HexFormat.of().parseHex(key))
                .update();
    }

    /** Once an hour, as somebody signs in: no timer is needed, as only sign-in makes rows. */
    private void purge(Instant now) {
        Instant before = purged.get();
        if (Duration.between(before, now).abs().compareTo(PURGED_EVERY) < 0 || !purged.compareAndSet(before, now)) {
            return;
        }
        transactions
                .jdbc()
                .sql("delete from identity.session where seen_at < :idle or opened_at < :old")
                .param(
                        "idle",
                        now.minus(settings.sessionIdle()).minus(SEEN_WITHIN).atOffset(UTC))
                .param("old", now.minus(settings.sessionLongest()).atOffset(UTC))
                .update();
    }
}
