package org.conurb.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a person or a client does in an organisation; a city folder says who holds which. */
public enum Role {
    DISPATCHER,
    RESPONDER,
    COMMANDER,
    DATA_OFFICER,
    AUDITOR,
    ADMINISTRATOR;

    /** As written in the city folder and in JSON: {@code data-officer}. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @JsonCreator
    public static Role of(String code) {
        for (Role role : values()) {
            if (role.code().equals(code)) {
                return role;
            }
        }
        throw new BadRequest(
                "role",
                "There is no role %s.".formatted(code),
                "Use dispatcher, responder, commander, data-officer, auditor or administrator.");
    }
}
