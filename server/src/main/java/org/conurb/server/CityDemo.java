package org.conurb.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.conurb.kernel.City;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** What only a demo reads of a city folder: invented people and units. */
final class CityDemo {
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,59}");
    private static final Pattern CALL_SIGN = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._/-]{0,29}");

    private final List<String> organisations;
    private final List<String> unitKinds;
    private final List<String> seats;

    CityDemo(City city) {
        this.organisations =
                city.organisations().stream().map(o -> o.id().value()).toList();
        this.unitKinds = city.unitKinds().stream().map(City.UnitKind::code).toList();
        this.seats = city.seats().stream().map(City.Seat::id).toList();
    }

    List<CityFolder.DemoPerson> people(Optional<CityValue> file) {
        List<CityFolder.DemoPerson> people = new ArrayList<>();
        for (CityValue.Entry entry : file.map(CityValue::entries).orElse(List.of())) {
            CityFields fields = entry.value().fields("name", "roles", "seat");
            people.add(new CityFolder.DemoPerson(
                    entry.key().named(USERNAME, "Use a-z, 0-9, dot, - and _."),
                    fields.required("name").string(),
                    roles(fields.required("roles")),
                    fields.optional("seat").map(seat -> seat.oneOf(seats, "seat", "Add it to seats."))));
        }
        return List.copyOf(people);
    }

    private Map<OrganisationId, Set<Role>> roles(CityValue value) {
        Map<OrganisationId, Set<Role>> roles = new LinkedHashMap<>();
        for (CityValue.Entry entry : value.entries()) {
            roles.put(organisation(entry.key()), CityRules.roles(entry.value()));
        }
        return Map.copyOf(roles);
    }

    List<CityFolder.DemoUnit> units(Optional<CityValue> file) {
        List<CityFolder.DemoUnit> units = new ArrayList<>();
        Set<String> callSigns = new HashSet<>();
        for (CityValue.Entry fleet : file.map(CityValue::entries).orElse(List.of())) {
            OrganisationId organisation = organisation(fleet.key());
            for (CityValue.Entry entry : fleet.value().entries()) {
                String callSign = entry.key().named(CALL_SIGN, "Use letters, digits, blank, dot, -, _ and /.");
                if (!callSigns.add(callSign)) {
                    entry.key().fault("There are two units %s.".formatted(callSign), "Give each its own call sign.");
                }
                CityFields fields = entry.value().fields("kind", "home");
                CityFields home = fields.required("home").fields("latitude", "longitude");
                units.add(new CityFolder.DemoUnit(
                        callSign,
                        organisation,
                        fields.required("kind").oneOf(unitKinds, "unit kind", "Add it to unit-kinds."),
                        new Epsg4326Point(
                                home.required("latitude").number(-90, 90),
                                home.required("longitude").number(-180, 180))));
            }
        }
        return List.copyOf(units);
    }

    private OrganisationId organisation(CityValue value) {
        String id = value.oneOf(organisations, "organisation", "Add it to organisations.");
        return new OrganisationId(organisations.contains(id) ? id : CityValue.STAND_IN);
    }
}
