package org.conurb.incidents;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/** Who reported an incident, as far as told; concerns persons. Each part is 1..200 characters. */
record Reporter(Optional<String> name, Optional<String> phone) {
    static final Reporter UNKNOWN = new Reporter(Optional.empty(), Optional.empty());

    private static final int LONGEST = 200;

    /** Reads {@code "name"} or {@code {"name"?,"phone"?}} from parsed JSON. */
    static Reporter read(@Nullable Object json) {
        return switch (json) {
            case null -> UNKNOWN;
            case String name -> new Reporter(text("caller", name), Optional.empty());
            case Map<?, ?> members
            when Set.of("name", "phone").containsAll(members.keySet()) ->
                new Reporter(text("caller.name", members.get("name")), text("caller.phone", members.get("phone")));
            default -> throw wrong("caller");
        };
    }

    private static Optional<String> text(String member, @Nullable Object value) {
        return switch (value) {
            case null -> Optional.empty();
            case String text when text.isBlank() -> Optional.empty();
            case String text when text.length() <= LONGEST -> Optional.of(text.strip());
            default -> throw wrong(member);
        };
    }

    private static BadRequest wrong(String member) {
        return new BadRequest(
                "incident-caller",
                "%s is not understood.".formatted(member),
                "Send a name, or {\"name\",\"phone\"} with at most %d characters each.".formatted(LONGEST));
    }

    Map<String, String> personal() {
        Map<String, String> personal = new java.util.TreeMap<>();
        name.ifPresent(n -> personal.put("callerName", n));
        phone.ifPresent(p -> personal.put("callerPhone", p));
        return personal;
    }
}
