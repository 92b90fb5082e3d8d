package org.conurb.demo;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.conurb.media.WebRtcClient;
import tools.jackson.databind.JsonNode;

/**
 * How crews' radios sign in: for each organisation one client ({@code POST /api/identity/clients}) with the one role that a
 * crew needs to speak for its unit, {@code responder}. No radio holds the key of the whole site. Safe for many threads.
 */
final class RadioRoom implements Radios.Exchange {
    private static final String NAME = "Radios of the demo's crews";

    private final HttpSite site;
    private final WebRtcClient.Keys keys;
    private final SecureRandom random;
    private final Map<String, HttpSite> organisations = new ConcurrentHashMap<>();

    RadioRoom(HttpSite site, WebRtcClient.Keys keys, SecureRandom random) {
        this.site = site;
        this.keys = keys;
        this.random = random;
    }

    @Override
    public Radios.Line open(Radios.Duty duty, Consumer<JsonNode> told, Runnable ended) throws IOException {
        try {
            HttpSite as = as(duty.organisation());
            return RadioLine.open(as, duty.unit(), keys, random.nextInt(), told, ended);
        } catch (Site.Refused e) {
            organisations.remove(duty.organisation()); // somebody may have removed the client
            throw new IOException(e.getMessage(), e);
        }
    }

    private HttpSite as(String organisation) throws Site.Refused {
        HttpSite known = organisations.get(organisation);
        if (known != null) {
            return known;
        }
        synchronized (keys) {
            known = organisations.get(organisation);
            if (known == null) {
                known = site.as(register(organisation));
                organisations.put(organisation, known);
            }
            return known;
        }
    }

    /** A client of this start; those of earlier ones are removed, as nobody knows their secrets any more. */
    private JsonNode register(String organisation) throws Site.Refused {
        Map<String, String> headers = Map.of("Conurb-Organisation", organisation);
        for (JsonNode old : site.get("/api/identity/clients", headers).path("items")) {
            if (old.path("name").asString().equals(NAME)) {
                site.send(
                        "DELETE",
                        "/api/identity/clients/" + old.path("clientId").asString(),
                        Map.of(),
                        headers);
            }
        }
        return site.send(
                "POST",
                "/api/identity/clients",
                Map.of("name", NAME, "organisation", organisation, "roles", List.of("responder")),
                Map.of(
                        "Conurb-Organisation",
                        organisation,
                        "Idempotency-Key",
                        UUID.randomUUID().toString()));
    }
}
