package org.conurb.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An organisation of this site, as {@code fire} or {@code city-hospital}: 1 to 40 of {@code a-z 0-9 -}, starting with a
 * letter. Chosen in the city folder and never reused.
 */
public record OrganisationId(@JsonValue String value) {
    private static final int LONGEST = 40;

    @JsonCreator
    public OrganisationId {
        if (!isForm(value)) {
            throw new BadRequest(
                    "organisation-id",
                    "An organisation's id is 1 to 40 of a-z, 0-9 and -, starting with a letter.",
                    "Use an id that GET /api/session lists under organisations.");
        }
    }

    /** Made for every row that is read, so no pattern. */
    private static boolean isForm(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-'))) {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= LONGEST;
    }

    @Override
    public String toString() {
        return value;
    }
}
