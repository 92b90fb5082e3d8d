package org.conurb.kernel;

/** The caller may know that the thing exists, and may not do this with it. */
public final class Denied extends ConurbException {
    public Denied(String detail, String remedy) {
        super(Category.DENIED, "denied", detail, remedy);
    }

    /** A resource that is nothing but what concerns persons was asked for without a grant. */
    public static Denied withoutPurpose(String what) {
        return new Denied(
                "%s concerns persons and stands under a purpose.".formatted(what),
                "POST /api/grants {\"purpose\",\"case\"} and send its id as Conurb-Purpose.");
    }
}
