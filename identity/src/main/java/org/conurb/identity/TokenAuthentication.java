package org.conurb.identity;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** A program, known by an access token of ours; it acts by itself or for a person. */
final class TokenAuthentication extends JwtAuthenticationToken implements KnownParty {
    private final transient Party party;

    TokenAuthentication(Jwt token, Party party) {
        super(token, List.of(), party.subject());
        this.party = party;
    }

    @Override
    public Party party() {
        return party;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof TokenAuthentication that && that.party.equals(party);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), party);
    }
}
