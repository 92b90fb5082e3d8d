package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who asks, and for whom: made from the session or token, the header {@code Conurb-Organisation} and the grant named by
 * {@code Conurb-Purpose} or {@code ?grant=}. Costs no look-up of its own.
 */
public final class Callers {
    private final Parties parties;
    private final Sessions sessions;
    private final Clock clock;

    Callers(Parties parties, Sessions sessions, Clock clock) {
        this.parties = parties;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** The caller of the request that this thread serves. */
    public Caller current() {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
            return of(attributes.getRequest());
        }
        throw new IllegalStateException("No request is being served on this thread");
    }

    /**
     * The caller of a request, on the thread that serves it. Refuses with 401 who is not signed in, with 403 who acts for an
     * organisation in which he or she holds no role, and with 400 a grant that is no id.
     */
    public Caller of(HttpServletRequest request) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (!(authentication instanceof KnownParty known)) {
            throw new Failures.SignInNeeded();
        }
        Party party = known.party();
        Optional<Session> session = authentication instanceof SessionAuthentication console
                ? Optional.of(console.session())
                : Optional.empty();
        OrganisationId organisation = organisation(request.getHeader("Conurb-Organisation"), party, session);
        Set<Role> roles = party.roles().get(organisation);
        if (roles == null) {
            throw new Failures.NotYours(organisation);
        }
        Optional<String> seat =
                session.filter(each -> each.organisation().equals(organisation)).flatMap(Session::seat);
        return caller(party, organisation, seat, roles, grant(request));
    }

    private static Caller caller(
            Party party, OrganisationId organisation, Optional<String> seat, Set<Role> roles, Optional<UUID> grant) {
        return new Caller(party.subject(), party.name(), organisation, seat, roles, grant, party.defaultPurpose());
    }

    /**
     * The caller for each organisation that he or she may act for, the one acted for first: at doors whose calls name
     * organisations themselves.
     */
    List<Caller> hats(Caller caller) {
        List<Caller> hats = new ArrayList<>(List.of(caller));
        if (SecurityContextHolder.getContext().getAuthentication() instanceof KnownParty known
                && known.party().subject().equals(caller.subject())) {
            known.party().roles().forEach((organisation, roles) -> {
                if (!organisation.equals(caller.organisation())) {
                    hats.add(caller(known.party(), organisation, Optional.empty(), roles, caller.grant()));
                }
            });
        }
        return hats;
    }

    /** The caller acting for that organisation, if he or she may; else as before, to be refused by what {@code Access} says. */
    Caller as(Caller caller, OrganisationId organisation) {
        return hats(caller).stream()
                .filter(each -> each.organisation().equals(organisation))
                .findFirst()
                .orElse(caller);
    }

    /**
     * Whether the caller may still come in with the same roles. For what lives long after it was opened, as a stream of
     * events: answers from memory, five seconds late at most.
     */
    public boolean holds(Caller caller) {
        return caller.isSystem()
                || parties.of(caller.subject())
                        .map(party -> party.roles().getOrDefault(caller.organisation(), Set.of()))
                        .filter(roles -> roles.containsAll(caller.roles()))
                        .isPresent();
    }

    /**
     * Whether the session or the token of the request that this thread serves still holds, asked later and from any
     * thread: false at sign-out, at the token's end, and when {@link #holds} is. From memory, five seconds late at most.
     */
    public BooleanSupplier standing(Caller caller) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof SessionAuthentication console) {
            return () -> sessions.still(console.session()) && holds(caller);
        }
        if (authentication instanceof TokenAuthentication token) {
            Instant end = Optional.ofNullable(token.getToken().getExpiresAt()).orElse(Instant.MAX);
            return () -> clock.instant().isBefore(end) && holds(caller);
        }
        return () -> holds(caller);
    }

    private static OrganisationId organisation(@Nullable String header, Party party, Optional<Session> session) {
        if (header != null) {
            return new OrganisationId(header.strip());
        }
        return session.map(Session::organisation)
                .or(() -> party.roles().keySet().stream().findFirst())
                .orElseThrow(Failures.NoOrganisation::new);
    }

    private static Optional<UUID> grant(HttpServletRequest request) {
        String header = request.getHeader("Conurb-Purpose");
        String named = header != null ? header.strip() : queried(request.getQueryString());
        if (named == null) {
            return Optional.empty();
        }
        Optional<UUID> grant = Ids.parse("Grant", named);
        if (grant.isEmpty()) {
            throw new BadRequest(
                    "grant-form",
                    "The grant named is no id.",
                    "Send the id that POST /api/grants answered, as Conurb-Purpose or ?grant=.");
        }
        return grant;
    }

    /** Only the query: asking for a parameter would read a form's body. */
    private static @Nullable String queried(@Nullable String query) {
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith("grant=")) {
                return pair.substring("grant=".length());
            }
        }
        return null;
    }
}
