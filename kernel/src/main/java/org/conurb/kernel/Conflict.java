package org.conurb.kernel;

/** The thing is in a state that does not allow this. */
public final class Conflict extends ConurbException {
    public Conflict(String code, String detail, String remedy) {
        super(Category.CONFLICT, code, detail, remedy);
    }
}
