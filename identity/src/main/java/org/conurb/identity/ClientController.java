package org.conurb.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Programs of an organisation, kept by its administrators. */
@RestController
@RequestMapping("/api/identity/clients")
class ClientController {
    /**
     * @param purpose code of the purpose under which it sees what concerns persons when it names no grant
     * @param redirectUris where the authorization endpoint may send codes
     * @param publicClient runs where no secret can be kept (a browser, a telephone): no secret, only codes with PKCE
     */
    record NewClient(
            @Nullable String name,
            @Nullable String organisation,
            @Nullable List<String> roles,
            @Nullable String purpose,
            @Nullable List<String> redirectUris,
            @JsonProperty("public") @Nullable Boolean publicClient) {}

    private final Clients clients;
    private final Callers callers;
    private final Organisations organisations;

    ClientController(Clients clients, Callers callers, Organisations organisations) {
        this.clients = clients;
        this.callers = callers;
        this.organisations = organisations;
    }

    @PostMapping
    Answer create(Caller caller, Change change, @RequestBody NewClient body) {
        return clients.create(caller, change, wanted(body));
    }

    /** Of all organisations that the caller acts for, or of the one that {@code Conurb-Organisation} names. */
    @GetMapping
    Map<String, Object> list(
            Caller caller,
            @RequestHeader(name = "Conurb-Organisation", required = false) @Nullable String named,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(defaultValue = "") String after) {
        List<Caller> hats = named == null ? callers.hats(caller) : List.of(caller);
        return Page.of(limit, most -> clients.list(hats, after, most), Client::id, ClientController::view);
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, @PathVariable String id) {
        return clients.end(caller, change, id);
    }

    static Map<String, Object> view(Client client) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("clientId", client.id());
        view.put("name", client.name());
        view.put("organisation", client.organisation().value());
        view.put(
                "roles",
                client.roles().getOrDefault(client.organisation(), Set.of()).stream()
                        .map(Role::code)
                        .toList());
        view.put("redirectUris", client.redirectUris());
        client.defaultPurpose().ifPresent(purpose -> view.put("purpose", purpose));
        view.put("installation", client.installation());
        view.put("createdAt", client.createdAt().toString());
        return view;
    }

    private Clients.Wanted wanted(NewClient body) {
        OrganisationId organisation = organisations.require(Words.required("organisation", body.organisation(), 40));
        Set<Role> roles = EnumSet.noneOf(Role.class);
        (body.roles() == null ? List.<String>of() : body.roles()).forEach(each -> roles.add(Role.of(each)));
        if (roles.isEmpty()) {
            throw new BadRequest(
                    "roles-missing",
                    "A client holds one role or more.",
                    "Send \"roles\":[\"dispatcher\"], for example.");
        }
        List<String> uris = body.redirectUris() == null ? List.of() : List.copyOf(body.redirectUris());
        if (uris.size() > 10) {
            throw new BadRequest(
                    "redirect-uris", "More than 10 redirect URIs.", "Register another client for the others.");
        }
        uris.forEach(ClientController::checked);
        boolean open = Boolean.TRUE.equals(body.publicClient());
        if (open && uris.isEmpty()) {
            throw new BadRequest(
                    "redirect-uris",
                    "A public client acts only for people.",
                    "Name its redirectUris, or leave public out.");
        }
        return new Clients.Wanted(
                Words.required("name", body.name(), 200),
                organisation,
                roles,
                Optional.ofNullable(body.purpose()).map(code -> purpose(code, roles)),
                uris,
                open);
    }

    private String purpose(String code, Set<Role> roles) {
        return organisations
                .city()
                .purpose(code)
                .filter(each -> !each.needsCase() && each.roles().stream().anyMatch(roles::contains))
                .map(City.Purpose::code)
                .orElseThrow(() -> new BadRequest(
                        "purpose-unknown",
                        "No purpose %s that a client of these roles can stand under without a case.".formatted(code),
                        "Use one that GET /api/city lists with needsCase false, or leave purpose out."));
    }

    /** https anywhere; http only on the machine itself (RFC 8252 §7.3); no fragment (RFC 6749 §3.1.2). */
    private static void checked(String text) {
        boolean fits;
        try {
            URI uri = new URI(text);
            String host = String.valueOf(uri.getHost());
            fits = text.length() <= 500
                    && uri.getHost() != null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null
                    && ("https".equals(uri.getScheme())
                            || "http".equals(uri.getScheme())
                                    && Set.of("localhost", "127.0.0.1", "[::1]").contains(host));
        } catch (URISyntaxException e) {
            fits = false;
        }
        if (!fits) {
            throw new BadRequest(
                    "redirect-uris",
                    "A redirect URI is no https address without fragment.",
                    "Use https://…, or http://127.0.0.1:PORT/… for a program on the person's own machine.");
        }
    }
}
