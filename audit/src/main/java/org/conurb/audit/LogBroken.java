package org.conurb.audit;

/** What is stored of the log contradicts itself: nothing is signed on top of it until a person has looked. */
final class LogBroken extends RuntimeException {
    LogBroken(String what) {
        super(what + ". Run ./conurb admin verify-audit; restore the audit schema from a back-up.");
    }
}
