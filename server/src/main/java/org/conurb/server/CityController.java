package org.conurb.server;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.City;
import org.conurb.kernel.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/city}: what a console must know of the city that it shows. */
@RestController
class CityController {
    private final City city;
    private final CityMap map;
    private final UpSettings up;

    CityController(City city, CityMap map, UpSettings up) {
        this.city = city;
        this.map = map;
        this.up = up;
    }

    record CityView(
            String id,
            String name,
            String timeZone,
            List<String> languages,
            boolean demo,
            @Nullable List<Double> area,
            List<DistrictView> districts,
            List<OrganisationView> organisations,
            List<IncidentTypeView> incidentTypes,
            List<PriorityView> priorities,
            List<Named> unitKinds,
            List<StatusView> unitStatuses,
            List<PurposeView> purposes,
            @Nullable MapView map) {}

    record Named(String code, Map<String, String> name) {}

    record DistrictView(String id, Map<String, String> name, Map<String, Object> area) {}

    record OrganisationView(String id, Map<String, String> name, String kind) {}

    record IncidentTypeView(String code, Map<String, String> name, int priority, List<String> unitKinds) {}

    record PriorityView(int level, Map<String, String> name, long unassignedAfterSeconds) {}

    record StatusView(String code, Map<String, String> name, City.UnitState state) {}

    /** @param roles who may ask for it */
    record PurposeView(String code, Map<String, String> name, boolean needsCase, List<String> roles) {}

    record MapView(String url, String attribution) {}

    @GetMapping("/api/city")
    CityView city() {
        return new CityView(
                city.id(),
                city.name(),
                city.timeZone().getId(),
                city.languages().stream().map(Locale::toLanguageTag).toList(),
                up.demo(),
                city.area()
                        .map(box -> List.of(box.west(), box.south(), box.east(), box.north()))
                        .or(map::bounds)
                        .orElse(null),
                city.districts().stream()
                        .map(d -> new DistrictView(d.id(), d.name().byLanguage(), d.area()))
                        .toList(),
                city.organisations().stream()
                        .map(o -> new OrganisationView(o.id().value(), o.name().byLanguage(), o.kind()))
                        .toList(),
                city.incidentTypes().stream()
                        .map(t -> new IncidentTypeView(t.code(), t.name().byLanguage(), t.priority(), t.unitKinds()))
                        .toList(),
                city.priorities().stream()
                        .map(p -> new PriorityView(
                                p.level(),
                                p.name().byLanguage(),
                                p.unassignedAfter().toSeconds()))
                        .toList(),
                city.unitKinds().stream()
                        .map(k -> new Named(k.code(), k.name().byLanguage()))
                        .toList(),
                city.unitStatuses().stream()
                        .map(s -> new StatusView(s.code(), s.name().byLanguage(), s.state()))
                        .toList(),
                city.purposes().stream()
                        .map(p -> new PurposeView(
                                p.code(),
                                p.name().byLanguage(),
                                p.needsCase(),
                                p.roles().stream().map(Role::code).sorted().toList()))
                        .toList(),
                Optional.of(map)
                        .filter(CityMap::present)
                        .map(m -> new MapView("/map/city.pmtiles", "© OpenStreetMap contributors"))
                        .orElse(null));
    }
}
