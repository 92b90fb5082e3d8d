package org.conurb.identity;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;

/** Clients in the database. Runs inside the transaction of whoever calls. */
final class ClientStore {
    private final Transactions transactions;
    private final Organisations organisations;

    ClientStore(Transactions transactions, Organisations organisations) {
        this.transactions = transactions;
        this.organisations = organisations;
    }

    /** As system; with the secret's hash. */
    Optional<Client> byId(String id) {
        return transactions
                .jdbc()
                .sql("select * from identity.client where id = :id and ended_at is null")
                .param("id", id)
                .query((row, n) -> client(
                        row, Optional.ofNullable(row.getBytes("secret_hash")).map(HexFormat.of()::formatHex)))
                .optional();
    }

    /** Clients of some organisations, without their secrets' hashes. */
    List<Client> of(Collection<OrganisationId> asked, String after, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select id, name, organisation_id, roles, redirect_uris, default_purpose, installation, created_at
                          from identity.client
                         where organisation_id = any(string_to_array(:asked, ',')) and id > :after and ended_at is null
                         order by id limit :limit
                        """)
                .param(
                        "asked",
                        String.join(
                                ",", asked.stream().map(OrganisationId::value).toList()))
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> client(row, Optional.empty()))
                .list();
    }

    void add(Client client) {
        transactions
                .jdbc()
                .sql("""
                        insert into identity.client (id, name, organisation_id, roles, secret_hash, redirect_uris,
                               default_purpose, installation, created_at)
                        values (:id, :name, :organisation, :roles, :hash, :uris, :purpose, :installation, :at)
                        """)
                .param("id", client.id())
                .param("name", client.name())
                .param("organisation", client.organisation().value())
                .param("roles", roles(client))
                .param("hash", client.secretHash().map(HexFormat.of()::parseHex).orElse(null))
                .param("uris", String.join(" ", client.redirectUris()))
                .param("purpose", client.defaultPurpose().orElse(null))
                .param("installation", client.installation())
                .param("at", client.createdAt().atOffset(UTC))
                .update();
    }

    /** As system: the installation client has a new secret, or the city another first organisation. */
    void renew(Client client) {
        transactions
                .jdbc()
                .sql("update identity.client set secret_hash = :hash, organisation_id = :organisation where id = :id")
                .param("hash", client.secretHash().map(HexFormat.of()::parseHex).orElse(null))
                .param("organisation", client.organisation().value())
                .param("id", client.id())
                .update();
    }

    /** @return false where there was none */
    boolean end(String id, Instant at) {
        return transactions
                        .jdbc()
                        .sql("update identity.client set ended_at = :at where id = :id and ended_at is null")
                        .param("at", at.atOffset(UTC))
                        .param("id", id)
                        .update()
                == 1;
    }

    /** As system: one that is registered or was. */
    Optional<Client> everRegistered(String id) {
        return transactions
                .jdbc()
                .sql("select * from identity.client where id = :id")
                .param("id", id)
                .query((row, n) -> client(row, Optional.empty()))
                .optional();
    }

    private static String roles(Client client) {
        return client.roles().getOrDefault(client.organisation(), Set.of()).stream()
                .map(Role::code)
                .collect(Collectors.joining(" "));
    }

    private Client client(ResultSet row, Optional<String> secretHash) throws SQLException {
        OrganisationId organisation = new OrganisationId(row.getString("organisation_id"));
        boolean installation = row.getBoolean("installation");
        List<String> held = words(row.getString("roles")).stream()
                .map(role -> organisation.value() + " " + role)
                .toList();
        Map<OrganisationId, Set<Role>> roles = installation ? organisations.everything() : organisations.held(held);
        return new Client(
                row.getString("id"),
                row.getString("name"),
                organisation,
                roles,
                secretHash,
                words(row.getString("redirect_uris")),
                Optional.ofNullable(row.getString("default_purpose")),
                installation,
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static List<String> words(String joined) {
        return Arrays.stream(joined.split(" ")).filter(each -> !each.isEmpty()).toList();
    }
}
