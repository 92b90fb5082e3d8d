package org.conurb.talk;

import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** There is no room for more at present: the asker may try again. */
final class TalkBusy extends ConurbException {
    private static final long serialVersionUID = 1;

    TalkBusy(String detail) {
        super(Category.CAPACITY, "talk-busy", detail, "Try again in a moment.");
    }
}
