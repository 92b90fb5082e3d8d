package org.conurb.kernel;

/** There is no such thing; worded the same where the caller may not know that there is one. */
public final class NotFound extends ConurbException {
    /** @param what kind of thing in lower case, as {@code incident} */
    public NotFound(String what, String id) {
        super(
                Category.ABSENT,
                "not-found",
                "There is no %s %s here.".formatted(what, id),
                "Check the id. It may belong to an organisation that shares nothing with yours.");
    }
}
