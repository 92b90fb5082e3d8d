package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.Health;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The installation client: every role in every organisation, for automation and for the first administrator. Its secret
 * lies in {@code bootstrap.json} of the data folder alone; a lost file is made anew with another secret. Once disabled it
 * stays so.
 */
public final class Bootstrap implements Health {
    static final String CLIENT = "installation";
    static final String PURPOSE = "maintenance";
    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);
    private static final TypeReference<Map<String, String>> MEMBERS = new TypeReference<>() {};

    private final Transactions transactions;
    private final ClientStore clients;
    private final Organisations organisations;
    private final Parties parties;
    private final PrivateFile file;
    private final String issuer;
    private final SecureRandom random;
    private final Clock clock;
    private volatile boolean enabled;
    private volatile Instant since;

    Bootstrap(
            Transactions transactions,
            ClientStore clients,
            Organisations organisations,
            Parties parties,
            IdentitySettings settings,
            SecureRandom random,
            Clock clock) {
        this.transactions = transactions;
        this.clients = clients;
        this.organisations = organisations;
        this.parties = parties;
        this.file = new PrivateFile(settings.data().resolve("bootstrap.json"));
        this.issuer = settings.issuer();
        this.random = random;
        this.clock = clock;
        this.since = clock.instant();
        start();
    }

    /** Whether the installation client may come in. */
    public boolean enabled() {
        return enabled;
    }

    @Override
    public Reading read() {
        return enabled
                ? new Reading(
                        "identity.installation-client",
                        State.WARNING,
                        since,
                        "The installation client may do everything; its secret lies in bootstrap.json.",
                        "Once people and clients of your own are there, end it: ./conurb admin bootstrap disable")
                : new Reading(
                        "identity.installation-client", State.OK, since, "The installation client is disabled.", "");
    }

    /** The client's row is ended: forget what was made for it. */
    void ended() {
        enabled = false;
        since = clock.instant();
        parties.forgetAll();
        file.remove();
        log.atInfo().log("bootstrap.disabled");
    }

    private void start() {
        enabled = transactions.asSystem(() -> {
            Optional<Client> before = clients.byId(CLIENT);
            if (before.isEmpty() && clients.everRegistered(CLIENT).isPresent()) {
                return false;
            }
            Map<String, String> written = written();
            String secret = Optional.ofNullable(written.get("clientSecret"))
                    .filter(each -> before.flatMap(Client::secretHash).equals(Optional.of(Secrets.hash(each))))
                    .orElseGet(this::secret);
            Client client = client(secret, before.map(Client::createdAt).orElseGet(clock::instant));
            if (before.isEmpty()) {
                clients.add(client);
            } else if (!before.get().secretHash().equals(client.secretHash())
                    || !before.get().organisation().equals(client.organisation())) {
                clients.renew(client);
            }
            Map<String, String> members = members(secret);
            if (!members.equals(written)) {
                file.write((Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(members) + "\n")
                        .getBytes(UTF_8));
                log.atInfo().addKeyValue("file", file).log("bootstrap.written");
            }
            return true;
        });
    }

    private Client client(String secret, Instant createdAt) {
        return new Client(
                CLIENT,
                "Installation",
                organisations.city().defaultOrganisation(),
                organisations.everything(),
                Optional.of(Secrets.hash(secret)),
                List.of(),
                Optional.of(PURPOSE),
                true,
                createdAt);
    }

    private Map<String, String> members(String secret) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("issuer", issuer);
        members.put("tokenEndpoint", issuer + "/oauth2/token");
        members.put("clientId", CLIENT);
        members.put("clientSecret", secret);
        return members;
    }

    private Map<String, String> written() {
        try {
            return file.read()
                    .map(bytes -> Json.mapper().readValue(bytes, MEMBERS))
                    .orElse(Map.of());
        } catch (JacksonException e) {
            return Map.of(); // mangled by hand: made anew
        }
    }

    private String secret() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
