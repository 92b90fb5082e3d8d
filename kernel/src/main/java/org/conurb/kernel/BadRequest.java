package org.conurb.kernel;

/** What came in cannot be understood or is out of range. */
public final class BadRequest extends ConurbException {
    public BadRequest(String code, String detail, String remedy) {
        super(Category.REQUEST, code, detail, remedy);
    }
}
