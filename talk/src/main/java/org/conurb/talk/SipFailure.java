package org.conurb.talk;

/** What a peer sent cannot be done: the status that it is answered, 400 to 699 (RFC 3261 21). The phrase repeats nothing of it. */
final class SipFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    SipFailure(int status, String phrase) {
        super(phrase, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String phrase() {
        return String.valueOf(getMessage());
    }
}
