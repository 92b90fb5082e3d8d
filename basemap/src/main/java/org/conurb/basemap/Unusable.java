package org.conurb.basemap;

/** What was given cannot become a map: what is wrong with it, and what to do. Ends the program with code 2. */
final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String remedy;

    Unusable(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
