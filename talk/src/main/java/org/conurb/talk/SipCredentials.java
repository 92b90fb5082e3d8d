package org.conurb.talk;

import java.util.Optional;

/** Accounts of phones, as the SIP door asks: from memory, at once. */
interface SipCredentials {
    /** @param secret what its digest is made of */
    record Login(SipAccount account, String secret) {
        @Override
        public String toString() {
            return account.toString();
        }
    }

    Optional<Login> find(String username);
}
