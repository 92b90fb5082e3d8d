package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.kernel.Conflict;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutableCredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCose;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialUserEntityRepository;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;

/** Passkeys in the database, and people as passkeys know them: the user handle is the person's id, 16 bytes. */
final class Passkeys implements UserCredentialRepository {
    private static final int MOST_OF_A_PERSON = 20;
    private static final int LONGEST_LABEL = 100;

    /** @param id credential id, base64url */
    record Listed(String id, String label, Instant createdAt, Instant usedAt) {}

    private final Transactions transactions;
    private final PersonStore people;
    private final Clock clock;

    Passkeys(Transactions transactions, PersonStore people, Clock clock) {
        this.transactions = transactions;
        this.people = people;
        this.clock = clock;
    }

    static UUID person(Bytes handle) {
        ByteBuffer bytes = ByteBuffer.wrap(handle.getBytes());
        return bytes.remaining() == 16 ? new UUID(bytes.getLong(), bytes.getLong()) : new UUID(0, 0);
    }

    private static Bytes handle(UUID person) {
        return new Bytes(ByteBuffer.allocate(16)
                .putLong(person.getMostSignificantBits())
                .putLong(person.getLeastSignificantBits())
                .array());
    }

    List<Listed> of(UUID person) {
        return findByUserId(handle(person)).stream()
                .map(each -> new Listed(
                        each.getCredentialId().toBase64UrlString(),
                        String.valueOf(each.getLabel()),
                        each.getCreated(),
                        each.getLastUsed()))
                .toList();
    }

    boolean remove(UUID person, Bytes id) {
        return transactions
                        .jdbc()
                        .sql("delete from identity.passkey where id = :id and person = :person")
                        .param("id", id.getBytes())
                        .param("person", person)
                        .update()
                == 1;
    }

    @Override
    public void save(CredentialRecord passkey) {
        UUID person = person(passkey.getUserEntityUserId());
        Optional<CredentialRecord> before = Optional.ofNullable(findByCredentialId(passkey.getCredentialId()));
        if (before.isPresent()) {
            used(passkey);
        } else if (of(person).size() >= MOST_OF_A_PERSON) {
            throw new Conflict(
                    "passkeys-full",
                    "You have %d passkeys already.".formatted(MOST_OF_A_PERSON),
                    "Remove one that you no longer use.");
        } else {
            add(person, passkey);
        }
    }

    private void used(CredentialRecord passkey) {
        transactions
                .jdbc()
                .sql("""
                        update identity.passkey set signature_count = :count, backed_up = :backedUp, used_at = :now
                         where id = :id
                        """)
                .param("count", passkey.getSignatureCount())
                .param("backedUp", passkey.isBackupState())
                .param("now", clock.instant().atOffset(UTC))
                .param("id", passkey.getCredentialId().getBytes())
                .update();
    }

    private void add(UUID person, CredentialRecord passkey) {
        transactions
                .jdbc()
                .sql("""
                        insert into identity.passkey (id, person, label, public_key, signature_count, user_verified,
                               backup_eligible, backed_up, transports, attestation, client_data, created_at, used_at)
                        values (:id, :person, :label, :key, :count, :verified, :eligible, :backedUp, :transports,
                                :attestation, :clientData, :now, :now)
                        """)
                .param("id", passkey.getCredentialId().getBytes())
                .param("person", person)
                .param("label", label(passkey.getLabel()))
                .param("key", passkey.getPublicKey().getBytes())
                .param("count", passkey.getSignatureCount())
                .param("verified", passkey.isUvInitialized())
                .param("eligible", passkey.isBackupEligible())
                .param("backedUp", passkey.isBackupState())
                .param("transports", transports(passkey))
                .param("attestation", bytes(passkey.getAttestationObject()))
                .param("clientData", bytes(passkey.getAttestationClientDataJSON()))
                .param("now", clock.instant().atOffset(UTC))
                .update();
    }

    private static String label(@Nullable String given) {
        String label = given == null || given.isBlank() ? "Passkey" : given.strip();
        return label.length() > LONGEST_LABEL ? label.substring(0, LONGEST_LABEL) : label;
    }

    private static String transports(CredentialRecord passkey) {
        return passkey.getTransports().stream()
                .map(AuthenticatorTransport::getValue)
                .collect(Collectors.joining(" "));
    }

    private static byte @Nullable [] bytes(@Nullable Bytes value) {
        return value == null ? null : value.getBytes();
    }

    @Override
    public @Nullable CredentialRecord findByCredentialId(Bytes id) {
        return transactions
                .jdbc()
                .sql("select * from identity.passkey where id = :id")
                .param("id", id.getBytes())
                .query((row, n) -> passkey(row))
                .optional()
                .orElse(null);
    }

    @Override
    public List<CredentialRecord> findByUserId(Bytes handle) {
        return transactions
                .jdbc()
                .sql("select * from identity.passkey where person = :person order by created_at, id limit :most")
                .param("person", person(handle))
                .param("most", MOST_OF_A_PERSON)
                .query((row, n) -> passkey(row))
                .list();
    }

    @Override
    public void delete(Bytes id) {
        throw new UnsupportedOperationException("Use remove, which asks whose it is");
    }

    private static CredentialRecord passkey(ResultSet row) throws SQLException {
        byte[] attestation = row.getBytes("attestation");
        byte[] clientData = row.getBytes("client_data");
        return ImmutableCredentialRecord.builder()
                .credentialType(PublicKeyCredentialType.PUBLIC_KEY)
                .credentialId(new Bytes(row.getBytes("id")))
                .userEntityUserId(handle(row.getObject("person", UUID.class)))
                .publicKey(new ImmutablePublicKeyCose(row.getBytes("public_key")))
                .signatureCount(row.getLong("signature_count"))
                .uvInitialized(row.getBoolean("user_verified"))
                .backupEligible(row.getBoolean("backup_eligible"))
                .backupState(row.getBoolean("backed_up"))
                .transports(Arrays.stream(row.getString("transports").split(" "))
                        .filter(each -> !each.isEmpty())
                        .map(AuthenticatorTransport::valueOf)
                        .collect(Collectors.toUnmodifiableSet()))
                .attestationObject(new Bytes(attestation == null ? new byte[0] : attestation))
                .attestationClientDataJSON(new Bytes(clientData == null ? "{}".getBytes(UTF_8) : clientData))
                .created(row.getObject("created_at", OffsetDateTime.class).toInstant())
                .lastUsed(row.getObject("used_at", OffsetDateTime.class).toInstant())
                .label(row.getString("label"))
                .build();
    }

    /** People as WebAuthn's user entities; an authentication's name is the subject, {@code person:<uuid>}. */
    PublicKeyCredentialUserEntityRepository users() {
        return new PublicKeyCredentialUserEntityRepository() {
            @Override
            public @Nullable PublicKeyCredentialUserEntity findById(Bytes id) {
                return people.byId(person(id)).map(Passkeys::user).orElse(null);
            }

            @Override
            public @Nullable PublicKeyCredentialUserEntity findByUsername(String subject) {
                return subject.startsWith(Person.SUBJECT)
                        ? people.byId(UUID.fromString(subject.substring(Person.SUBJECT.length())))
                                .map(Passkeys::user)
                                .orElse(null)
                        : null;
            }

            @Override
            public void save(PublicKeyCredentialUserEntity user) {
                throw new UnsupportedOperationException("People are added by administrators");
            }

            @Override
            public void delete(Bytes id) {
                throw new UnsupportedOperationException("People are disabled by administrators");
            }
        };
    }

    private static PublicKeyCredentialUserEntity user(Person person) {
        return ImmutablePublicKeyCredentialUserEntity.builder()
                .id(handle(person.id()))
                .name(person.username())
                .displayName(person.name())
                .build();
    }
}
