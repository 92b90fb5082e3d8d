package org.conurb.agreements;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** A small city and its people. */
final class Cities {
    static final OrganisationId CONTROL = new OrganisationId("control");
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final OrganisationId SCHOOL = new OrganisationId("school");
    static final String CASE = "urn:ngsi-ld:Incident:0199a2b4-0000-7000-8000-000000000001";
    static final String OTHER_CASE = "urn:ngsi-ld:Incident:0199a2b4-0000-7000-8000-000000000002";

    private Cities() {}

    static City elm() {
        return elm(List.of(
                new City.Grant(FIRE, Optional.of(CONTROL), Set.of("Unit"), Set.of(Action.READ, Action.CHANGE)),
                new City.Grant(CONTROL, Optional.of(FIRE), Set.of("Incident"), Set.of(Action.READ)),
                new City.Grant(CONTROL, Optional.empty(), Set.of("Alert"), Set.of(Action.READ)),
                new City.Grant(SCHOOL, Optional.of(FIRE), Set.of(), Set.of(Action.READ))));
    }

    static City elm(List<City.Grant> grants) {
        return new City(
                "elm",
                "Elm",
                ZoneOffset.UTC,
                List.of(Locale.ENGLISH),
                List.of(organisation(CONTROL), organisation(FIRE), organisation(SCHOOL)),
                List.of(),
                grants,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        purpose("dispatch", true, 12, Role.DISPATCHER, Role.RESPONDER, Role.COMMANDER),
                        purpose("supervision", false, 8, Role.COMMANDER),
                        purpose("audit", false, 8, Role.AUDITOR),
                        purpose("maintenance", false, 24, Role.ADMINISTRATOR),
                        purpose("operation", false, 24, Role.ADMINISTRATOR)),
                Map.of("grants", Duration.ofDays(100)),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    static Caller person(String name, OrganisationId organisation, Role... roles) {
        return new Caller(
                "person:" + name,
                name,
                organisation,
                Optional.empty(),
                Set.of(roles),
                Optional.empty(),
                Optional.empty());
    }

    static Caller client(String id, OrganisationId organisation, String defaultPurpose) {
        return new Caller(
                "client:" + id,
                id,
                organisation,
                Optional.empty(),
                Set.of(Role.values()),
                Optional.empty(),
                Optional.of(defaultPurpose));
    }

    static Caller seated(Caller caller, String seat) {
        return new Caller(
                caller.subject(),
                caller.name(),
                caller.organisation(),
                Optional.of(seat),
                caller.roles(),
                caller.grant(),
                caller.defaultPurpose());
    }

    static Caller naming(Caller caller, UUID grant) {
        return new Caller(
                caller.subject(),
                caller.name(),
                caller.organisation(),
                caller.seat(),
                caller.roles(),
                Optional.of(grant),
                caller.defaultPurpose());
    }

    private static City.Organisation organisation(OrganisationId id) {
        return new City.Organisation(id, City.Text.of("en", id.value()), "other");
    }

    private static City.Purpose purpose(String code, boolean needsCase, int hours, Role... roles) {
        return new City.Purpose(code, City.Text.of("en", code), Set.of(roles), needsCase, Duration.ofHours(hours));
    }
}
