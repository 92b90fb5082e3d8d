package org.conurb.server;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.conurb.kernel.City;

/** Sections to a city: the small ones here, the others in {@link CityRules}, {@link CityDispatch}, {@link CityPlaces}. */
final class CityReader {
    static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    static final String ID_REMEDY = "Use 1 to 40 of a-z, 0-9 and -, starting with a letter.";

    private final CitySections sections;

    CityReader(CitySections sections) {
        this.sections = sections;
    }

    City city() {
        CityTexts texts = new CityTexts(sections);
        CityRules rules = new CityRules(sections, texts);
        CityDispatch dispatch = new CityDispatch(sections, texts);
        CityPlaces places = new CityPlaces(texts);
        Optional<City.Box> area = sections.section("area").flatMap(places::area);
        return new City(
                sections.required("id").named(ID, ID_REMEDY),
                sections.required("name").string(),
                timeZone(sections.required("time-zone")),
                texts.languages(),
                rules.organisations(),
                rules.seats(),
                rules.grants(),
                area,
                sections.districts().map(d -> places.districts(d, area)).orElse(List.of()),
                dispatch.incidentTypes(),
                dispatch.priorities(),
                dispatch.unitKinds(),
                dispatch.unitStatuses(),
                rules.purposes(),
                retention(),
                all("camera-networks", this::cameraNetwork),
                rules.talkGroups(),
                warningSources(rules),
                sections.section("map").flatMap(this::map));
    }

    private <T> List<T> all(String section, Function<CityValue.Entry, T> each) {
        return sections.section(section).map(CityValue::entries).orElse(List.of()).stream()
                .map(each)
                .toList();
    }

    private static ZoneId timeZone(CityValue value) {
        Set<String> known = ZoneId.getAvailableZoneIds();
        if (value.isAbsent()) {
            return ZoneOffset.UTC;
        }
        String zone = value.string();
        if (known.contains(zone)) {
            return ZoneId.of(zone);
        }
        if (!value.isMap() && !value.isList()) {
            value.fault(
                    "There is no time zone %s.".formatted(zone),
                    CityNames.remedy(zone, known, "Write one of the IANA list, as Europe/Paris."));
        }
        return ZoneOffset.UTC;
    }

    private Map<String, Duration> retention() {
        Map<String, Duration> retention = new LinkedHashMap<>();
        for (CityValue.Entry entry : sections.required("retention").entries()) {
            retention.put(entry.key().named(ID, ID_REMEDY), entry.value().duration());
        }
        return Map.copyOf(retention);
    }

    private City.CameraNetwork cameraNetwork(CityValue.Entry entry) {
        String cidr = entry.value().string();
        Optional<String> network = CityForms.network(cidr);
        if (network.isEmpty() && !entry.value().isMap() && !entry.value().isList()) {
            entry.value()
                    .fault(
                            "%s is not an address range.".formatted(cidr),
                            "Write it as 10.20.0.0/16 or fd00:20::/32, without names.");
        } else if (network.isPresent() && !network.get().equals(cidr)) {
            entry.value()
                    .fault(
                            "%s names one address, not the range it lies in.".formatted(cidr),
                            "Write %s.".formatted(network.get()));
        }
        return new City.CameraNetwork(entry.key().named(ID, ID_REMEDY), cidr);
    }

    private List<City.WarningSource> warningSources(CityRules rules) {
        List<City.WarningSource> sources = new ArrayList<>();
        for (CityValue item :
                sections.section("warning-sources").map(CityValue::items).orElse(List.of())) {
            CityFields fields = item.fields("feed", "folder", "organisation", "every");
            Optional<CityValue> feed = fields.optional("feed");
            Optional<CityValue> inbox = fields.optional("folder");
            if (feed.isPresent() == inbox.isPresent() && item.isMap()) {
                item.fault(
                        "A warning source is a feed or a folder.",
                        "Write feed: https://… for an Atom feed, or folder: … for a folder that files are put into.");
            }
            sources.add(new City.WarningSource(
                    feed.map(CityReader::feed).or(() -> inbox.map(this::inbox)).orElse(CityValue.STAND_IN),
                    rules.organisation(fields.required("organisation")),
                    fields.required("every").duration()));
        }
        return List.copyOf(sources);
    }

    private static String feed(CityValue value) {
        String url = value.string();
        if (!url.matches("https?://[^\\s/?#@]+(/\\S*)?") && !value.isMap() && !value.isList()) {
            value.fault("%s is not the address of a feed.".formatted(url), "Write http:// or https:// and a host.");
        }
        return url;
    }

    private String inbox(CityValue value) {
        return inFolder(value).map(Path::toString).orElse(CityValue.STAND_IN);
    }

    private Optional<Path> map(CityValue value) {
        String name = value.string();
        Optional<Path> path = inFolder(value);
        if (path.isPresent() && !name.endsWith(".osm.pbf") && !name.endsWith(".pmtiles")) {
            value.fault(
                    "%s is not a map file.".formatted(name), "Name an extract .osm.pbf, or finished tiles .pmtiles.");
        } else if (path.isPresent() && !Files.isRegularFile(path.get())) {
            value.fault(
                    "There is no file %s.".formatted(path.get()),
                    "Put the extract there (paths are taken from the city folder), or delete the key.");
        }
        return path;
    }

    /** A path, relative ones seen from the city folder. */
    private Optional<Path> inFolder(CityValue value) {
        if (value.isMap() || value.isList() || sections.folder().isEmpty()) {
            value.string();
            return Optional.empty();
        }
        try {
            return sections.folder()
                    .map(folder -> folder.resolve(value.string()).normalize());
        } catch (InvalidPathException e) {
            value.fault("This is not a path.", "Write the path of a file.");
            return Optional.empty();
        }
    }
}
