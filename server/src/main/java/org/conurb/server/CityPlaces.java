package org.conurb.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.City;

/** The city's area and its districts (GeoJSON, RFC 7946: longitude first). */
final class CityPlaces {
    private static final int MOST_DISTRICTS = 500;
    private static final String SWAPPED = "GeoJSON gives longitude first, then latitude: are the two swapped?";

    private final CityTexts texts;

    CityPlaces(CityTexts texts) {
        this.texts = texts;
    }

    /** {@code [west, south, east, north]} in degrees. */
    Optional<City.Box> area(CityValue value) {
        List<CityValue> sides = value.items();
        if (!value.isList()) {
            return Optional.empty();
        }
        if (sides.size() != 4) {
            value.fault("An area has four sides.", "Write [west, south, east, north] in degrees.");
            return Optional.empty();
        }
        City.Box box = new City.Box(
                sides.get(0).number(-180, 180),
                sides.get(1).number(-90, 90),
                sides.get(2).number(-180, 180),
                sides.get(3).number(-90, 90));
        if (box.west() >= box.east() || box.south() >= box.north()) {
            value.fault(
                    "The west side lies east of the east side, or the south side north of the north side.",
                    "Write [west, south, east, north] in degrees.");
            return Optional.empty();
        }
        return Optional.of(box);
    }

    List<City.District> districts(CityValue root, Optional<City.Box> area) {
        CityFields collection = root.openFields();
        expect(collection.required("type"), "FeatureCollection");
        List<City.District> districts = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        List<CityValue> features = collection.required("features").items();
        if (features.size() > MOST_DISTRICTS) {
            root.fault("More than %d districts.".formatted(MOST_DISTRICTS), "Keep fewer.");
        }
        for (CityValue feature : features.subList(0, Math.min(features.size(), MOST_DISTRICTS))) {
            CityFields fields = feature.openFields();
            expect(fields.required("type"), "Feature");
            CityFields properties = fields.required("properties").openFields();
            CityValue id = properties.required("id");
            String name = id.named(CityReader.ID, CityReader.ID_REMEDY);
            if (!id.isAbsent() && !name.equals(CityValue.STAND_IN) && !ids.add(name)) {
                id.fault("There are two districts %s.".formatted(name), "Give each its own id.");
            }
            districts.add(new City.District(
                    name, texts.text(properties.required("name")), geometry(fields.required("geometry"), area)));
        }
        return List.copyOf(districts);
    }

    private Map<String, Object> geometry(CityValue value, Optional<City.Box> area) {
        CityFields fields = value.openFields();
        String type = fields.required("type").oneOf(List.of("Polygon", "MultiPolygon"), "form of a district", "");
        CityValue coordinates = fields.required("coordinates");
        List<?> read = type.equals("MultiPolygon")
                ? coordinates.items().stream()
                        .map(polygon -> rings(polygon, area))
                        .toList()
                : rings(coordinates, area);
        return Map.of("type", type, "coordinates", read);
    }

    private List<List<List<Double>>> rings(CityValue polygon, Optional<City.Box> area) {
        List<CityValue> rings = polygon.items();
        if (polygon.isList() && rings.isEmpty()) {
            polygon.fault("A polygon has at least one ring.", "Draw the outline.");
        }
        return rings.stream().map(ring -> ring(ring, area)).toList();
    }

    private static List<List<Double>> ring(CityValue ring, Optional<City.Box> area) {
        List<List<Double>> positions =
                ring.items().stream().map(CityPlaces::position).toList();
        if (!ring.isList()) {
            return positions;
        }
        if (positions.size() < 4) {
            ring.fault("A ring has at least four positions, the last like the first.", "Draw the outline.");
        } else if (!positions.getFirst().equals(positions.getLast())) {
            ring.fault("The ring is not closed.", "Repeat its first position as the last one.");
        } else if (area.isPresent() && positions.stream().noneMatch(p -> within(area.get(), p))) {
            ring.fault("No corner of this outline lies in the city's area.", SWAPPED);
        }
        return positions;
    }

    private static List<Double> position(CityValue value) {
        List<CityValue> numbers = value.items();
        if (numbers.size() < 2 || numbers.size() > 3) {
            if (value.isList()) {
                value.fault("A position has two numbers.", "Write [longitude, latitude].");
            }
            return List.of(0.0, 0.0);
        }
        double longitude = numbers.get(0).number(-180, 180);
        CityValue second = numbers.get(1);
        return List.of(longitude, second.number(-90, 90));
    }

    private static boolean within(City.Box box, List<Double> position) {
        return position.get(0) >= box.west()
                && position.get(0) <= box.east()
                && position.get(1) >= box.south()
                && position.get(1) <= box.north();
    }

    private static void expect(CityValue value, String type) {
        if (!value.isAbsent() && !value.string().equals(type)) {
            value.fault("Here a %s belongs.".formatted(type), "Write \"type\": \"%s\".".formatted(type));
        }
    }
}
