package org.conurb.kernel;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A city as its folder describes it: what makes Alder differ from Birch while the program is the same. Read and
 * validated once at start; immutable.
 *
 * @param id of the site, as {@code alder}
 * @param languages BCP 47 tags in order of preference; the first is the city's own
 * @param organisations at least one; the first is the default of the installation client
 * @param area bounding box as west, south, east, north in degrees
 * @param map OSM extract or finished PMTiles
 */
public record City(
        String id,
        String name,
        ZoneId timeZone,
        List<Locale> languages,
        List<Organisation> organisations,
        List<Seat> seats,
        List<Grant> grants,
        Optional<Box> area,
        List<District> districts,
        List<IncidentType> incidentTypes,
        List<Priority> priorities,
        List<UnitKind> unitKinds,
        List<UnitStatus> unitStatuses,
        List<Purpose> purposes,
        Map<String, Duration> retention,
        List<CameraNetwork> cameraNetworks,
        List<TalkGroupPolicy> talkGroupPolicies,
        List<WarningSource> warningSources,
        Optional<Path> map) {

    /** Words by language tag ({@code en}); never empty. */
    public record Text(Map<String, String> byLanguage) {
        public static Text of(String language, String text) {
            return new Text(Map.of(language, text));
        }
    }

    /** @param kind what it is to people: {@code control-room police fire ambulance hospital school town-hall other} */
    public record Organisation(OrganisationId id, Text name, String kind) {}

    /** A working place: a function that people take for a shift. */
    public record Seat(String id, Text name, OrganisationId organisation, Role role) {}

    /**
     * What one organisation lets another do.
     *
     * @param consumer empty for every organisation of the site
     * @param kinds entity types; empty for all
     */
    public record Grant(
            OrganisationId provider, Optional<OrganisationId> consumer, Set<String> kinds, Set<Action> actions) {}

    public record Box(double west, double south, double east, double north) {}

    /** @param area GeoJSON Polygon or MultiPolygon */
    public record District(String id, Text name, Map<String, Object> area) {}

    /**
     * @param code as {@code fire.smoke}
     * @param priority 1..4 when the caller names none
     * @param unitKinds kinds that are sent, in order
     */
    public record IncidentType(String code, Text name, int priority, List<String> unitKinds) {}

    /**
     * @param level 1 (most urgent)..4
     * @param unassignedAfter when an incident without units is overdue
     */
    public record Priority(int level, Text name, Duration unassignedAfter) {}

    public record UnitKind(String code, Text name) {}

    /** What a unit's status code means to dispatch. */
    public enum UnitState {
        AVAILABLE,
        ASSIGNED,
        EN_ROUTE,
        ON_SCENE,
        TRANSPORTING,
        OUT_OF_SERVICE,
        EMERGENCY
    }

    /** @param code as crews send it: {@code 3}, {@code 10-8}, {@code ENR} */
    public record UnitStatus(String code, Text name, UnitState state) {}

    /**
     * Why what concerns persons may be seen.
     *
     * @param roles that may take it
     * @param needsCase whether it stands only while a case is open
     * @param lasts how long a grant under it lasts at most
     */
    public record Purpose(String code, Text name, Set<Role> roles, boolean needsCase, Duration lasts) {}

    /** @param cidr address range the recorder may call */
    public record CameraNetwork(String id, String cidr) {}

    public record TalkGroupPolicy(String id, Text name, List<OrganisationId> members, boolean recorded) {}

    /** @param location URL of an Atom feed, or a folder */
    public record WarningSource(String location, OrganisationId organisation, Duration every) {}

    public Optional<Organisation> organisation(OrganisationId id) {
        return organisations.stream().filter(o -> o.id().equals(id)).findFirst();
    }

    public Optional<IncidentType> incidentType(String code) {
        return incidentTypes.stream().filter(t -> t.code().equals(code)).findFirst();
    }

    public Optional<UnitStatus> unitStatus(String code) {
        return unitStatuses.stream().filter(s -> s.code().equals(code)).findFirst();
    }

    /** The first code that has this meaning. */
    public Optional<UnitStatus> unitStatus(UnitState state) {
        return unitStatuses.stream().filter(s -> s.state() == state).findFirst();
    }

    public Optional<Purpose> purpose(String code) {
        return purposes.stream().filter(p -> p.code().equals(code)).findFirst();
    }

    public OrganisationId defaultOrganisation() {
        return organisations.getFirst().id();
    }
}
