package org.conurb.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * An organisation of this site, as {@code fire} or {@code city-hospital}: 1 to 40 of {@code a-z 0-9 -}, starting with a
 * letter. Chosen in the city folder and never reused.
 */
public record OrganisationId(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    @JsonCreator
    public OrganisationId {
        if (!FORM.matcher(value).matches()) {
            throw new BadRequest(
                    "organisation-id",
                    "An organisation's id is 1 to 40 of a-z, 0-9 and -, starting with a letter.",
                    "Use an id that GET /api/session lists under organisations.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
