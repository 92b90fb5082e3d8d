package org.conurb.talk;

import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** More is asked of the floors than they can decide: the asker may try again. */
final class TalkBusy extends ConurbException {
    private static final long serialVersionUID = 1;

    TalkBusy(int waiting) {
        super(Category.CAPACITY, "talk-busy", "%d inputs to talk wait.".formatted(waiting), "Try again in a moment.");
    }
}
