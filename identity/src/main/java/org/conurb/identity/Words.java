package org.conurb.identity;

import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/** Texts that came in. */
final class Words {
    private Words() {}

    /** @throws BadRequest where it is missing, blank, too long or holds control characters */
    static String required(String member, @Nullable String text, int most) {
        if (text == null
                || text.isBlank()
                || text.length() > most
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest(
                    "member-form",
                    "%s is missing, empty, or longer than %d characters.".formatted(member, most),
                    "Send \"%s\":\"…\" in one line.".formatted(member));
        }
        return text.strip();
    }
}
