package org.conurb.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.conurb.kernel.City;

/** What is dispatched: incident types, priorities, kinds of units and the codes of their status. */
final class CityDispatch {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,29}(\\.[a-z0-9][a-z0-9-]{0,29}){0,3}");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,19}");
    private static final int LEVELS = 4;
    private static final List<String> STATES =
            Arrays.stream(City.UnitState.values()).map(CityDispatch::code).toList();
    /** States that dispatch sets or asks for by itself. */
    private static final List<City.UnitState> NEEDED = List.of(
            City.UnitState.AVAILABLE,
            City.UnitState.ASSIGNED,
            City.UnitState.EN_ROUTE,
            City.UnitState.ON_SCENE,
            City.UnitState.OUT_OF_SERVICE);

    private final CitySections sections;
    private final CityTexts texts;
    private final List<City.UnitKind> unitKinds = new ArrayList<>();
    private final Set<String> unitKindCodes = new LinkedHashSet<>();

    CityDispatch(CitySections sections, CityTexts texts) {
        this.sections = sections;
        this.texts = texts;
        for (CityValue.Entry entry : sections.required("unit-kinds").entries()) {
            String code = entry.key().named(CityReader.ID, CityReader.ID_REMEDY);
            unitKindCodes.add(code);
            unitKinds.add(new City.UnitKind(code, texts.text(entry.value())));
        }
    }

    List<City.UnitKind> unitKinds() {
        return List.copyOf(unitKinds);
    }

    List<City.IncidentType> incidentTypes() {
        CityValue section = sections.required("incident-types");
        List<City.IncidentType> types = new ArrayList<>();
        for (CityValue.Entry entry : section.entries()) {
            CityFields fields = entry.value().fields("name", "priority", "units");
            types.add(new City.IncidentType(
                    entry.key().named(TYPE, "Write a code as fire.smoke: a-z, 0-9 and -, parted by dots."),
                    texts.text(fields.required("name")),
                    fields.required("priority").integer(1, LEVELS),
                    fields.optional("units").map(this::kinds).orElse(List.of())));
        }
        if (section.isMap() && types.isEmpty()) {
            section.fault("A city has at least one incident type.", "Add one, or leave the section out.");
        }
        return List.copyOf(types);
    }

    private List<String> kinds(CityValue value) {
        if (!sections.isStandard(value)) {
            return value.items().stream()
                    .map(kind -> kind.oneOf(unitKindCodes, "unit kind", "Add it to unit-kinds."))
                    .toList();
        }
        List<String> kinds = value.items().stream().map(CityValue::string).toList();
        for (String kind : kinds) {
            if (!unitKindCodes.contains(kind)) {
                sections.required("unit-kinds")
                        .fault(
                                "The standard incident types send %s, which is not here.".formatted(kind),
                                "Add %s, or write incident-types as well.".formatted(kind));
            }
        }
        return kinds;
    }

    List<City.Priority> priorities() {
        CityValue section = sections.required("priorities");
        TreeMap<Integer, City.Priority> levels = new TreeMap<>();
        for (CityValue.Entry entry : section.entries()) {
            int level = entry.key().integer(1, LEVELS);
            CityFields fields = entry.value().fields("name", "unassigned-after");
            levels.put(
                    level,
                    new City.Priority(
                            level,
                            texts.text(fields.required("name")),
                            fields.required("unassigned-after").duration()));
        }
        for (int level = 1; level <= LEVELS; level++) {
            if (section.isMap() && !levels.containsKey(level)) {
                section.fault(
                        "Priority %d is missing.".formatted(level),
                        "Describe 1 (most urgent), 2, 3 and 4, as 1: {name: …, unassigned-after: 60s}.");
            }
        }
        return List.copyOf(levels.values());
    }

    List<City.UnitStatus> unitStatuses() {
        CityValue section = sections.required("unit-statuses");
        List<City.UnitStatus> statuses = new ArrayList<>();
        for (CityValue.Entry entry : section.entries()) {
            CityFields fields = entry.value().fields("name", "state");
            String state = fields.required("state").oneOf(STATES, "state of a unit", "");
            statuses.add(new City.UnitStatus(
                    entry.key().named(CODE, "Use 1 to 20 letters, digits and -."),
                    texts.text(fields.required("name")),
                    STATES.contains(state) ? state(state) : City.UnitState.EMERGENCY));
        }
        for (City.UnitState needed : NEEDED) {
            if (section.isMap() && statuses.stream().noneMatch(s -> s.state() == needed)) {
                section.fault(
                        "No code means %s.".formatted(code(needed)),
                        "Add one, as 3: {name: …, state: %s}.".formatted(code(needed)));
            }
        }
        return List.copyOf(statuses);
    }

    private static String code(City.UnitState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static City.UnitState state(String code) {
        return City.UnitState.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
