package org.conurb.identity;

import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** A small city: a control room with two seats, a fire brigade with one, the police with none. */
final class TestCity {
    static final OrganisationId CONTROL = new OrganisationId("control");
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId POLICE = new OrganisationId("police");

    private TestCity() {}

    static City city() {
        return new City(
                "alder",
                "Alder",
                ZoneId.of("Europe/Paris"),
                List.of(Locale.ENGLISH, Locale.FRENCH),
                List.of(
                        new City.Organisation(CONTROL, City.Text.of("en", "Control room"), "control-room"),
                        new City.Organisation(FIRE, City.Text.of("en", "Fire brigade"), "fire"),
                        new City.Organisation(POLICE, City.Text.of("en", "Police"), "police")),
                List.of(
                        new City.Seat("dispatch-1", City.Text.of("en", "Dispatch 1"), CONTROL, Role.DISPATCHER),
                        new City.Seat("dispatch-2", City.Text.of("en", "Dispatch 2"), CONTROL, Role.DISPATCHER),
                        new City.Seat("fire-lead", City.Text.of("en", "Fire lead"), FIRE, Role.COMMANDER)),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new City.Purpose(
                        "maintenance",
                        City.Text.of("en", "Maintenance"),
                        EnumSet.allOf(Role.class),
                        false,
                        Duration.ofHours(1))),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
