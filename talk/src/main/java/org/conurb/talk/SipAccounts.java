package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** SIP accounts, one a device, each with a secret of its own that is no password of anybody. All are kept in memory too. */
final class SipAccounts implements SipCredentials {
    private static final int MOST = 10_000;
    private static final int MOST_OF_ONE = Station.MOST_CLIENTS;
    private static final int LONGEST_DEVICE = 100;
    private static final int SECRET = 20;
    /** No letters that are mistaken for others when typed off a page: five bits each. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz234567892";

    private final Transactions transactions;
    private final SipAccountStore store;
    private final SealingKey key;
    private final Participants participants;
    private final Access access;
    private final Audit audit;
    private final String site;
    private final Ids ids;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Consumer<String> forgotten = username -> {};

    private record Known(SipAccount account, byte[] sealed) {}

    /**
     * One of seat, unit and participant says who takes part by the device.
     *
     * @param digest {@code MD5} for a phone that knows no other; {@code SHA-256} without it
     */
    record Wanted(
            @Nullable String participant,
            @Nullable String seat,
            @Nullable String unit,
            @Nullable String device,
            @Nullable String digest) {}

    SipAccounts(
            Transactions transactions,
            SealingKey key,
            Participants participants,
            Access access,
            Audit audit,
            String site,
            Ids ids,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.store = new SipAccountStore(transactions.jdbc());
        this.key = key;
        this.participants = participants;
        this.access = access;
        this.audit = audit;
        this.site = site;
        this.ids = ids;
        this.clock = clock;
        this.random = random;
    }

    void start() {
        transactions.doAsSystem(() -> store.all()
                .forEach(each -> known.put(each.account().username(), new Known(each.account(), each.secret()))));
    }

    /** @param listener told of user names whose account is no more */
    void onForgotten(Consumer<String> listener) {
        forgotten = listener;
    }

    @Override
    public Optional<Login> find(String username) {
        return Optional.ofNullable(known.get(username))
                .map(each -> new Login(
                        each.account(), new String(key.open(each.account().id().toString(), each.sealed()), UTF_8)));
    }

    /** In the current transaction. */
    SipAccount make(Caller caller, Wanted wanted) {
        Participant who = participants
                .find(named(wanted))
                .orElseThrow(() -> new BadRequest(
                        "sip-participant",
                        "Nobody takes part by that name here.",
                        "Name a seat, a unit, or a participant that GET /api/talk/participants lists."));
        access.demand(caller, Action.CREATE, SipAccount.KIND, who.organisation(), "new");
        String device = device(wanted.device());
        long same = known.values().stream()
                .filter(each -> each.account().participant().equals(who.mcpttId()))
                .count();
        if (same >= MOST_OF_ONE || known.size() >= MOST) {
            throw new Conflict(
                    "sip-accounts-full",
                    "%s has %d SIP devices, the site %d.".formatted(participants.name(who), same, known.size()),
                    "Remove one that is used no more: DELETE /api/talk/sip-accounts/{id}.");
        }
        SipAccount account = new SipAccount(
                ids.next(),
                who.organisation(),
                who.mcpttId(),
                device,
                username(isOld(wanted.digest())),
                clock.instant());
        byte[] sealed = key.seal(account.id().toString(), secret().getBytes(UTF_8));
        store.insert(account, sealed);
        record(caller, "sip-account.made", account);
        transactions.afterCommit(() -> known.put(account.username(), new Known(account, sealed)));
        return account;
    }

    private String named(Wanted wanted) {
        if (wanted.participant() != null) {
            return wanted.participant();
        }
        if (wanted.seat() != null) {
            return "sip:%s@%s".formatted(wanted.seat(), site);
        }
        UUID unit = Optional.ofNullable(wanted.unit())
                .flatMap(urn -> Ids.parse("Unit", urn))
                .orElseThrow(() -> new BadRequest(
                        "sip-participant", "It is not said who takes part by the device.", "Send seat, or unit."));
        return "sip:unit-%s@%s".formatted(unit, site);
    }

    private static String device(@Nullable String device) {
        if (device == null
                || device.isBlank()
                || device.length() > LONGEST_DEVICE
                || device.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest(
                    "sip-device",
                    "A device has a name of 1 to %d printable characters.".formatted(LONGEST_DEVICE),
                    "Name it as people find it: desk phone, watch room.");
        }
        return device.strip();
    }

    private static boolean isOld(@Nullable String digest) {
        if (digest != null && !digest.equals("MD5") && !digest.equals("SHA-256")) {
            throw new BadRequest("sip-digest", "There is no such digest.", "Use SHA-256, or MD5 for an old phone.");
        }
        return "MD5".equals(digest);
    }

    private String username(boolean old) {
        String username;
        do {
            username = (old ? SipDigest.OLD : "1") + "%07d".formatted(random.nextInt(10_000_000));
        } while (known.containsKey(username));
        return username;
    }

    private String secret() {
        StringBuilder secret = new StringBuilder(SECRET);
        for (int i = 0; i < SECRET; i++) {
            secret.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return secret.toString();
    }

    /** In the current transaction. */
    void remove(Caller caller, UUID id) {
        SipAccount account = store.find(id).orElseThrow(() -> new NotFound("sipaccount", Ids.urn(SipAccount.KIND, id)));
        access.demand(caller, Action.DELETE, SipAccount.KIND, account.organisation(), account.urn());
        store.delete(id);
        record(caller, "sip-account.removed", account);
        transactions.afterCommit(() -> {
            known.remove(account.username());
            forgotten.accept(account.username());
        });
    }

    /** In the current transaction. */
    List<SipAccount> list(Caller caller, UUID after, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, SipAccount.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, after, limit);
    }

    private void record(Caller caller, String action, SipAccount account) {
        audit.record(AuditEntry.of(caller, action, SipAccount.KIND, account.urn(), account.organisation())
                .with(Map.of("participant", account.participant(), "device", account.device())));
    }
}
