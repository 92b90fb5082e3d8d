package org.conurb.server;

/** The program cannot start; says what to do, and shows no trace. */
final class StartFailure extends RuntimeException {
    private final String remedy;

    StartFailure(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
