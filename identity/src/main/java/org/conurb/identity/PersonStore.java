package org.conurb.identity;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** People and their roles in the database. Runs inside the transaction of whoever calls. */
final class PersonStore {
    /** @param passwordHash empty for who signs in by passkey only */
    record Known(Person person, Optional<String> passwordHash) {}

    static final String MEMBERSHIPS = """
            array(select m.organisation_id || ' ' || m.role from identity.membership m where m.person = p.id) as memberships
            """;

    private final Transactions transactions;
    private final Organisations organisations;

    PersonStore(Transactions transactions, Organisations organisations) {
        this.transactions = transactions;
        this.organisations = organisations;
    }

    /** As system: who signs in under that name. */
    Optional<Known> byUsername(String username) {
        return transactions
                .jdbc()
                .sql("""
                        select p.id, p.username, p.name, p.epoch, p.password_hash, %s,
                               (select count(*) from identity.passkey k where k.person = p.id) as passkeys
                          from identity.person p where p.username = :username and p.disabled_at is null
                        """.formatted(MEMBERSHIPS))
                .param("username", username)
                .query((row, n) -> new Known(person(row), Optional.ofNullable(row.getString("password_hash"))))
                .optional();
    }

    /** As system. */
    Optional<Person> byId(UUID id) {
        return transactions
                .jdbc()
                .sql("""
                        select p.id, p.username, p.name, p.epoch, %s,
                               (select count(*) from identity.passkey k where k.person = p.id) as passkeys
                          from identity.person p where p.id = :id and p.disabled_at is null
                        """.formatted(MEMBERSHIPS))
                .param("id", id)
                .query((row, n) -> person(row))
                .optional();
    }

    /** As system: somebody who may come in or might once. */
    Optional<Person> everAdded(UUID id) {
        return transactions
                .jdbc()
                .sql("""
                        select p.id, p.username, p.name, p.epoch, 0 as passkeys, %s
                          from identity.person p where p.id = :id
                        """.formatted(MEMBERSHIPS))
                .param("id", id)
                .query((row, n) -> person(row))
                .optional();
    }

    /** People of some organisations by user name; roles of other organisations stay behind the wall. */
    List<Person> of(Collection<OrganisationId> asked, String after, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select p.id, p.username, p.name, p.epoch, 0 as passkeys, %s
                          from identity.person p
                         where p.disabled_at is null and p.username > :after
                           and exists (select 1 from identity.membership m
                                        where m.person = p.id and m.organisation_id = any(string_to_array(:asked, ',')))
                         order by p.username limit :limit
                        """.formatted(MEMBERSHIPS))
                .param("after", after)
                .param("asked", joined(asked))
                .param("limit", limit)
                .query((row, n) -> person(row))
                .list();
    }

    /** As system: all who may come in, by user name. */
    List<Person> all(int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select p.id, p.username, p.name, p.epoch, 0 as passkeys, %s
                          from identity.person p
                         where p.disabled_at is null
                         order by p.username limit :limit
                        """.formatted(MEMBERSHIPS))
                .param("limit", limit)
                .query((row, n) -> person(row))
                .list();
    }

    /** @throws Conflict where somebody has that user name */
    void add(UUID id, String username, String name, @Nullable String passwordHash, Instant at) {
        try {
            transactions
                    .jdbc()
                    .sql("""
                            insert into identity.person (id, username, name, password_hash, created_at)
                            values (:id, :username, :name, :hash, :at)
                            """)
                    .param("id", id)
                    .param("username", username)
                    .param("name", name)
                    .param("hash", passwordHash)
                    .param("at", at.atOffset(UTC))
                    .update();
        } catch (DuplicateKeyException e) {
            throw new Conflict(
                    "username-taken",
                    "Somebody here has the user name %s.".formatted(username),
                    "Choose another, as with a number or the department behind it.");
        }
    }

    /** Puts these roles in the place of those held in each of these organisations. */
    void setRoles(UUID person, Map<OrganisationId, Set<Role>> roles) {
        roles.forEach((organisation, held) -> {
            transactions
                    .jdbc()
                    .sql("delete from identity.membership where person = :person and organisation_id = :organisation")
                    .param("person", person)
                    .param("organisation", organisation.value())
                    .update();
            held.forEach(role -> transactions
                    .jdbc()
                    .sql("""
                            insert into identity.membership (person, organisation_id, role)
                            values (:person, :organisation, :role)
                            """)
                    .param("person", person)
                    .param("organisation", organisation.value())
                    .param("role", role.code())
                    .update());
        });
    }

    /** Whether nobody else who may come in administers the organisation; two who leave at once wait for each other. */
    boolean isLastAdministrator(UUID person, OrganisationId organisation) {
        transactions
                .jdbc()
                .sql("select pg_advisory_xact_lock(hashtextextended('identity.administrators ' || :organisation, 0))")
                .param("organisation", organisation.value())
                .query()
                .singleRow();
        return transactions
                .jdbc()
                .sql("""
                        select not exists (
                          select 1 from identity.membership m join identity.person p on p.id = m.person
                           where m.organisation_id = :organisation and m.role = 'administrator'
                             and m.person <> :person and p.disabled_at is null)
                        """)
                .param("organisation", organisation.value())
                .param("person", person)
                .query(Boolean.class)
                .single();
    }

    /** As system: whether somebody who can sign in administers one of these organisations. */
    boolean hasAdministrator(Collection<OrganisationId> organisations) {
        return transactions
                .jdbc()
                .sql("""
                        select exists (
                          select from identity.membership m join identity.person p on p.id = m.person
                           where m.role = 'administrator' and m.organisation_id = any(string_to_array(:asked, ','))
                             and p.disabled_at is null
                             and (p.password_hash is not null
                                  or exists (select from identity.passkey k where k.person = p.id)))
                        """)
                .param("asked", joined(organisations))
                .query(Boolean.class)
                .single();
    }

    private static String joined(Collection<OrganisationId> organisations) {
        return String.join(
                ",", organisations.stream().map(OrganisationId::value).toList());
    }

    void rename(UUID person, String name) {
        transactions
                .jdbc()
                .sql("update identity.person set name = :name where id = :person")
                .param("name", name)
                .param("person", person)
                .update();
    }

    /** Sessions opened with the old password are over. */
    void setPassword(UUID person, String hash) {
        transactions
                .jdbc()
                .sql("update identity.person set password_hash = :hash, epoch = epoch + 1 where id = :person")
                .param("hash", hash)
                .param("person", person)
                .update();
    }

    /**
     * The person comes in no more; sessions, passkeys and tokens end with it.
     *
     * @return false where nobody of that id may come in
     */
    boolean disable(UUID person, Instant at) {
        return transactions
                        .jdbc()
                        .sql("""
                                update identity.person set disabled_at = :at, epoch = epoch + 1
                                 where id = :person and disabled_at is null
                                """)
                        .param("at", at.atOffset(UTC))
                        .param("person", person)
                        .update()
                == 1;
    }

    /** As system: the next session starts where this one is. */
    void remember(UUID person, OrganisationId organisation, Optional<String> seat) {
        transactions
                .jdbc()
                .sql(
                        "update identity.person set last_organisation = :organisation, last_seat = :seat where id = :person")
                .param("organisation", organisation.value())
                .param("seat", seat.orElse(null))
                .param("person", person)
                .update();
    }

    boolean isEmpty() {
        return transactions
                .jdbc()
                .sql("select not exists (select 1 from identity.person where disabled_at is null)")
                .query(Boolean.class)
                .single();
    }

    Person person(ResultSet row) throws SQLException {
        String[] memberships = (String[]) row.getArray("memberships").getArray();
        return new Person(
                row.getObject("id", UUID.class),
                row.getString("username"),
                row.getString("name"),
                row.getInt("epoch"),
                organisations.held(Arrays.asList(memberships)),
                row.getInt("passkeys"));
    }
}
