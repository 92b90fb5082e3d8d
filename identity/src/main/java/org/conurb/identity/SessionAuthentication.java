package org.conurb.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** Someone at the console, known by a session. */
final class SessionAuthentication extends AbstractAuthenticationToken implements KnownParty {
    private final transient Session session;

    SessionAuthentication(Session session) {
        super(List.of());
        this.session = session;
        setAuthenticated(true);
    }

    Session session() {
        return session;
    }

    @Override
    public Party party() {
        return session.person().party();
    }

    @Override
    public Object getPrincipal() {
        return session.person().subject();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return session.person().subject();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionAuthentication that && that.session.equals(session);
    }

    @Override
    public int hashCode() {
        return session.hashCode();
    }
}
