package org.conurb.identity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** How a session looks to the console. */
final class SessionView {
    private final Organisations organisations;

    SessionView(Organisations organisations) {
        this.organisations = organisations;
    }

    Map<String, Object> signedOut(String csrf) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("signedIn", false);
        body.put("csrf", csrf);
        body.put("city", city());
        return body;
    }

    Map<String, Object> of(Session session, String csrf) {
        Person person = session.person();
        List<City.Seat> seats = organisations.seats(session.organisation(), session.roles());
        Optional<City.Seat> seat = session.seat(seats);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("signedIn", true);
        body.put("csrf", csrf);
        body.put("city", city());
        body.put("person", Map.of("id", person.id(), "username", person.username(), "name", person.name()));
        body.put("organisation", organisation(session.organisation()));
        body.put(
                "organisations",
                person.roles().keySet().stream().map(this::organisation).toList());
        body.put("roles", session.roles().stream().map(Role::code).toList());
        body.put("seat", seat.map(SessionView::seat).orElse(null));
        body.put("seats", seats.stream().map(SessionView::seat).toList());
        body.put("passkeys", person.passkeys());
        return body;
    }

    private Map<String, Object> city() {
        City city = organisations.city();
        return Map.of(
                "name",
                city.name(),
                "languages",
                city.languages().stream().map(Locale::toLanguageTag).toList());
    }

    private Map<String, Object> organisation(OrganisationId id) {
        City.Organisation organisation = organisations.city().organisation(id).orElseThrow();
        return Map.of("id", id.value(), "name", organisation.name().byLanguage());
    }

    private static Map<String, Object> seat(City.Seat seat) {
        return Map.of("id", seat.id(), "name", seat.name().byLanguage());
    }
}
