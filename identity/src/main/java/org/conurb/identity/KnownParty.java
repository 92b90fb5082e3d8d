package org.conurb.identity;

/** An authentication that tells who is at the door. */
sealed interface KnownParty permits SessionAuthentication, TokenAuthentication {
    Party party();
}
