package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CityFolderTest {
    private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();
    private static final String SMALL = """
            id: elm
            name: Elm
            time-zone: Europe/Vienna
            languages: [en, de]
            organisations:
              fire: {name: Fire, kind: fire}
            """;

    @TempDir
    Path folder;

    @Test
    void builtInCityHasOneOrganisationAndTheStandardCodes() {
        City city = CityFolder.builtIn();
        assertThat(city.organisations()).hasSize(1);
        assertThat(city.defaultOrganisation()).isEqualTo(new OrganisationId("city"));
        assertThat(city.incidentTypes())
                .extracting(City.IncidentType::code)
                .contains(
                        "fire.smoke",
                        "medical.person-injured",
                        "police.disturbance",
                        "traffic.collision",
                        "rescue.water");
        assertThat(city.purposes())
                .extracting(City.Purpose::code)
                .contains("dispatch", "supervision", "maintenance", "operation", "audit");
        assertThat(city.priorities()).extracting(City.Priority::level).containsExactly(1, 2, 3, 4);
        for (City.UnitState state : City.UnitState.values()) {
            assertThat(city.unitStatus(state)).isPresent();
        }
        assertThat(texts(city))
                .allSatisfy(text -> assertThat(text.byLanguage()).containsOnlyKeys("en", "fr", "es", "zh", "ar"));
    }

    @Test
    void alderSpeaksFiveLanguagesAndHasItsOwnCodes() {
        City alder = CityFolder.read(DEMO.resolve("alder"));
        assertThat(alder.languages()).first().isEqualTo(Locale.ENGLISH);
        assertThat(texts(alder))
                .hasSizeGreaterThan(60)
                .allSatisfy(text -> assertThat(text.byLanguage()).containsOnlyKeys("en", "fr", "es", "zh", "ar"));
        assertThat(alder.unitStatus("3").orElseThrow().state()).isEqualTo(City.UnitState.EN_ROUTE);
        assertThat(alder.incidentType("fire.smoke").orElseThrow().unitKinds()).containsExactly("engine", "ladder");
        assertThat(alder.districts()).hasSize(5);
        assertThat(CityFolder.demoUnits(DEMO.resolve("alder")))
                .hasSizeGreaterThanOrEqualTo(20)
                .allSatisfy(unit ->
                        assertThat(alder.organisation(unit.organisation())).isPresent());
        assertThat(CityFolder.demoPeople(DEMO.resolve("alder"))).anySatisfy(person -> {
            assertThat(person.username()).isEqualTo("amara.okafor");
            assertThat(person.roles().get(new OrganisationId("control-room"))).containsExactly(Role.DISPATCHER);
            assertThat(person.seat()).contains("dispatch-1");
        });
    }

    @Test
    void birchDiffersFromAlderInAllThatACityChooses() {
        City alder = CityFolder.read(DEMO.resolve("alder"));
        City birch = CityFolder.read(DEMO.resolve("birch"));
        assertThat(birch.languages()).first().isEqualTo(Locale.FRENCH);
        assertThat(birch.timeZone()).isNotEqualTo(alder.timeZone());
        assertThat(birch.unitStatus("10-8").orElseThrow().state()).isEqualTo(City.UnitState.AVAILABLE);
        assertThat(birch.incidentTypes()).hasSize(15);
        assertThat(birch.organisations())
                .extracting(City.Organisation::id)
                .doesNotContainAnyElementsOf(alder.organisations().stream()
                        .map(City.Organisation::id)
                        .toList());
        assertThat(texts(birch))
                .allSatisfy(text -> assertThat(text.byLanguage()).containsOnlyKeys("fr", "en", "ar"));
        assertThat(CityFolder.demoPeople(DEMO.resolve("birch"))).isNotEmpty();
        assertThat(CityFolder.demoUnits(DEMO.resolve("birch"))).isNotEmpty();
    }

    @Test
    void aFewLinesAreACityAsTheRestIsStandard() throws IOException {
        write("city.yaml", SMALL);
        City elm = CityFolder.read(folder);
        assertThat(elm.incidentTypes())
                .isEqualTo(onlyEnglish(CityFolder.builtIn().incidentTypes()));
        assertThat(elm.organisations().getFirst().name().byLanguage()).containsExactly(Map.entry("en", "Fire"));
        assertThat(elm.area()).isEmpty();
        assertThat(CityFolder.demoPeople(folder)).isEmpty();
        assertThat(CityFolder.demoUnits(folder)).isEmpty();
    }

    @Test
    void everyFaultIsToldWithItsLineAllTogether() throws IOException {
        write("city.yaml", """
                id: Elm City
                name: [Elm]
                time-zone: Europe/Viena
                languages: [en, xx-toolongsubtag, en]
                area: [16.5, 48.1, 16.2, 48.3]
                map: elm.osm.pbf
                colour: green
                organisations:
                  fire: {name: {fr: Pompiers}, kind: fire}
                  police: {name: Police, knd: police}
                  police: {name: Police, kind: police}
                  Rescue: {name: Rescue, kind: rescuers}
                seats:
                  desk: {name: Desk, organisation: fier, role: dispacher}
                grants:
                  - {provider: fire, consumers: [polise], kinds: [incident], actions: [reed]}
                  - {provider: fire, consumers: some, kinds: [], actions: []}
                  - {provider: fire, consumers: everyone, kinds: [Person], actions: [read]}
                purposes:
                  dispatch: {name: Dispatch, roles: [dispatcher], needs-case: sometimes, lasts: 0s}
                priorities:
                  1: {name: Red, unassigned-after: soon}
                  5: {name: Blue, unassigned-after: 5m}
                unit-kinds:
                  engine: Engine
                unit-statuses:
                  A B: {name: Free, state: free}
                incident-types:
                  fire.smoke: {name: Smoke, priority: 7, units: [engin]}
                  fire: {priority: 1.5}
                retention:
                  incidents: 3 fortnights
                camera-networks:
                  streets: 10.20.0.1/16
                  yard: cameras.example/24
                talk-groups:
                  joint: {name: Joint, members: [fire, hospital], recorded: yes please}
                warning-sources:
                  - {feed: "file:///etc/passwd", organisation: fire, every: 5m}
                  - {organisation: fire, every: 5m}
                """);
        assertThat(faults())
                .contains(
                        "1:5 Elm City has not the form of a name here.",
                        "2:7 Here a list stands where a text belongs.",
                        "3:12 There is no time zone Europe/Viena.",
                        "4:17 xx-toolongsubtag is not a language tag.",
                        "4:35 en stands here a second time.",
                        "5:7 The west side lies east of the east side, or the south side north of the north side.",
                        "7:1 There is no key colour here.",
                        "9:17 fr is not one of the city's languages.",
                        "9:16 The text in en, the city's first language, is missing.",
                        "10:26 There is no key knd here.",
                        "10:11 kind is missing here.",
                        "11:3 police stands here a second time.",
                        "12:3 Rescue has not the form of a name here.",
                        "12:32 There is no kind of organisation rescuers.",
                        "14:36 There is no organisation fier.",
                        "14:48 There is no role dispacher.",
                        "16:34 There is no organisation polise.",
                        "16:51 incident has not the form of a name here.",
                        "16:72 There is no action reed.",
                        "17:33 Here one word stands where a list of organisations belongs.",
                        "17:46 The list is empty.",
                        "17:59 The list is empty.",
                        "18:51 Person is never shared between organisations.",
                        "20:63 Here \"sometimes\" stands where true or false belongs.",
                        "20:81 Here \"0s\" stands where a length of time belongs.",
                        "20:3 The purpose maintenance is missing; the program itself works under it.",
                        "22:36 Here \"soon\" stands where a length of time belongs.",
                        "23:3 5 is not between 1 and 4.",
                        "22:3 Priority 2 is missing.",
                        "27:3 A B has not the form of a name here.",
                        "27:28 There is no state of a unit free.",
                        "27:3 No code means on-scene.",
                        "29:39 7 is not between 1 and 4.",
                        "29:50 There is no unit kind engin.",
                        "30:9 name is missing here.",
                        "30:20 A whole number belongs here.",
                        "32:14 Here \"3 fortnights\" stands where a length of time belongs.",
                        "34:12 10.20.0.1/16 names one address, not the range it lies in.",
                        "35:9 cameras.example/24 is not an address range.",
                        "37:40 There is no organisation hospital.",
                        "37:61 Here \"yes please\" stands where true or false belongs.",
                        "39:12 file:///etc/passwd is not the address of a feed.",
                        "40:5 A warning source is a feed or a folder.");
        assertThat(faults()).anyMatch(fault -> fault.startsWith("6:6 There is no file "));
    }

    @Test
    void aFaultNamesFolderFileLineAndRemedy() throws IOException {
        write("city.yaml", SMALL.replace("kind: fire", "kind: fier"));
        assertThatThrownBy(() -> CityFolder.read(folder))
                .isInstanceOf(CityFolderFaults.class)
                .hasMessageContaining("has 1 fault:")
                .hasMessageContaining(folder.getFileName()
                        + "/city.yaml:6:28: There is no kind of organisation fier. Remedy: Did you mean fire?");
    }

    @Test
    void whatIsMissingAltogetherIsNamed() throws IOException {
        write("city.yaml", "colour: green\n");
        assertThat(faults())
                .contains(
                        "1:1 id is missing.",
                        "1:1 name is missing.",
                        "1:1 time-zone is missing.",
                        "1:1 languages is missing.",
                        "1:1 organisations is missing.");
    }

    @Test
    void aFolderWithoutCityFileOrNoFolderAtAllIsNamed() {
        assertThat(faults()).containsExactly("0:0 The folder has no city.yaml.");
        assertThatThrownBy(() -> CityFolder.read(folder.resolve("nowhere")))
                .isInstanceOf(CityFolderFaults.class)
                .hasMessageContaining("There is no folder");
    }

    @Test
    void standardSectionsThatDoNotFitTheCityAreToldOnce() throws IOException {
        write("city.yaml", SMALL.replace("[en, de]", "[de]"));
        assertThat(faults()).containsExactly("1:1 Sections are left out, and the standard ones have no texts in de.");
        write("city.yaml", SMALL + "unit-kinds: {engine: Engine}\n");
        assertThat(faults()).contains("7:13 The standard incident types send ladder, which is not here.");
    }

    @Test
    void districtsAreCheckedAsPlacesOnEarth() throws IOException {
        write("city.yaml", SMALL + "area: [16.2, 48.1, 16.5, 48.3]\n");
        write("districts.geojson", """
                {"type": "FeatureCollection", "features": [
                {"type": "Feature", "properties": {"id": "a", "name": "A"}, "geometry":
                 {"type": "Polygon", "coordinates": [[[16.3, 48.2], [16.4, 48.2], [16.4, 98.2], [16.3, 48.2]]]}},
                {"type": "Feature", "properties": {"id": "a", "name": "B"}, "geometry":
                 {"type": "Polygon", "coordinates": [[[16.3, 48.2], [16.4, 48.2], [16.4, 48.3], [16.3, 48.3]]]}},
                {"type": "Feature", "properties": {"id": "c", "name": "C"}, "geometry":
                 {"type": "Polygon", "coordinates": [[[48.2, 16.3], [48.2, 16.4], [48.3, 16.4], [48.2, 16.3]]]}},
                {"type": "Feature", "properties": {"name": "D"}, "geometry":
                 {"type": "Point", "coordinates": [[[16.3, 48.2], [16.3, 48.2]]]}}
                ]}
                """);
        assertThat(faults())
                .containsExactlyInAnyOrder(
                        "3:74 98.2 is not between -90 and 90.",
                        "4:42 There are two districts a.",
                        "5:38 The ring is not closed.",
                        "7:38 No corner of this outline lies in the city's area.",
                        "8:35 id is missing here.",
                        "9:11 There is no form of a district Point.",
                        "9:36 A ring has at least four positions, the last like the first.");
    }

    @Test
    void filesOfSectionsAreReadAndMisnamedOnesTold() throws IOException {
        write("city.yaml", SMALL);
        write("unit-kind.yaml", "engine: Engine\n");
        write("organisations.yaml", "police: {name: Police, kind: police}\n");
        assertThat(faults())
                .containsExactlyInAnyOrder(
                        "0:0 No part of a city is called so.", "0:0 city.yaml has organisations as well.");
        Files.delete(folder.resolve("unit-kind.yaml"));
        write("city.yaml", SMALL.substring(0, SMALL.indexOf("organisations")));
        assertThat(CityFolder.read(folder).defaultOrganisation()).isEqualTo(new OrganisationId("police"));
    }

    @Test
    void demoFilesAreCheckedWhenADemoAsks() throws IOException {
        write("city.yaml", SMALL);
        write("people.yaml", "a b: {name: A, roles: {police: [dispatcher]}, seat: desk}\n");
        write("units.yaml", "fire:\n  E1: {kind: tank, home: {latitude: 95, longitude: 16}}\n");
        assertThat(CityFolder.read(folder).id()).isEqualTo("elm");
        assertThatThrownBy(() -> CityFolder.demoPeople(folder))
                .hasMessageContaining("people.yaml:1:1: a b has not the form")
                .hasMessageContaining("people.yaml:1:24: There is no organisation police.")
                .hasMessageContaining("people.yaml:1:53: There is no seat desk.");
        assertThatThrownBy(() -> CityFolder.demoUnits(folder))
                .hasMessageContaining("units.yaml:2:14: There is no unit kind tank.")
                .hasMessageContaining("units.yaml:2:37: 95 is not between -90 and 90.");
    }

    @Test
    void brokenYamlIsToldWithItsPlace() throws IOException {
        write("city.yaml", SMALL + "area: [1, 2\nmap: x\n");
        assertThat(faults()).anyMatch(fault -> fault.startsWith("8:4 This is not YAML: "));
        write("city.yaml", SMALL + "\tarea: 1\n");
        assertThat(faults()).anyMatch(fault -> fault.startsWith("7:1 This is not YAML: "));
        write("city.yaml", SMALL + "---\nid: oak\n");
        assertThat(faults()).anyMatch(fault -> fault.contains("This is not YAML: "));
        write("city.yaml", "");
        assertThat(faults()).contains("0:0 The file is empty.");
    }

    @Test
    void bytesThatAreNotUtf8AreToldWithTheirPlace() throws IOException {
        Files.write(folder.resolve("city.yaml"), "id: elm\nname: Stra\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(faults()).contains("2:11 This is not UTF-8 (byte 0xdf).");
        write("city.yaml", "id: elm\nname: E\u0000m\n");
        assertThat(faults()).contains("2:8 The character U+0000 may not stand in YAML.");
    }

    @Test
    void whatBlowsUpInMemoryIsRefused() throws IOException {
        write("city.yaml", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n");
        assertThat(faults()).contains("1:4 Anchors (&) and aliases (*) are not taken.");
        write("city.yaml", "id: !!java.net.URL [\"http://localhost\"]\n");
        assertThat(faults()).contains("1:5 Tags (!) are not taken.");
        write("city.yaml", "id: " + "[".repeat(200_000));
        assertThat(faults()).anyMatch(fault -> fault.contains("lies deeper than 24 levels"));
        write("city.yaml", SMALL + "#".repeat(CityYaml.MAX_BYTES));
        assertThat(faults()).contains("0:0 The file is larger than 1 MB.");
    }

    @Test
    void faultsAreCountedButNotListedWithoutEnd() throws IOException {
        StringBuilder many = new StringBuilder(SMALL);
        for (int i = 0; i < 1_000; i++) {
            many.append("key").append(i).append(": 1\n");
        }
        write("city.yaml", many.toString());
        CityFolderFaults thrown = catchThrowableOfType(CityFolderFaults.class, () -> CityFolder.read(folder));
        assertThat(thrown.faults()).hasSize(200);
        assertThat(thrown).hasMessageContaining("… and 800 more.");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomBytesAreRefusedAndNeverCrash(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] good = Files.readAllBytes(DEMO.resolve("birch").resolve("city.yaml"));
        for (int round = 0; round < 150; round++) {
            byte[] bytes = good.clone();
            if (round % 3 == 0) {
                bytes = new byte[random.nextInt(400)];
                random.nextBytes(bytes);
            } else {
                for (int flips = 1 + random.nextInt(12); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte)
                            (random.nextBoolean()
                                    ? random.nextInt(256)
                                    : "[]{}:,-\n &*!|>'\"%".charAt(random.nextInt(17)));
                }
            }
            Files.write(folder.resolve("city.yaml"), bytes);
            Files.write(
                    folder.resolve("districts.geojson"),
                    round % 2 == 0 ? bytes : "{}".getBytes(StandardCharsets.UTF_8));
            try {
                CityFolder.read(folder);
            } catch (CityFolderFaults refused) {
                assertThat(refused.faults()).isNotEmpty();
            }
        }
    }

    private List<String> faults() {
        CityFolderFaults thrown = catchThrowableOfType(CityFolderFaults.class, () -> CityFolder.read(folder));
        return thrown.faults().stream()
                .map(fault -> fault.line() + ":" + fault.column() + " " + fault.what())
                .toList();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private static List<City.IncidentType> onlyEnglish(List<City.IncidentType> types) {
        return types.stream()
                .map(type -> new City.IncidentType(
                        type.code(),
                        City.Text.of("en", type.name().byLanguage().get("en")),
                        type.priority(),
                        type.unitKinds()))
                .toList();
    }

    private static List<City.Text> texts(City city) {
        List<City.Text> texts = new ArrayList<>();
        city.organisations().forEach(o -> texts.add(o.name()));
        city.seats().forEach(s -> texts.add(s.name()));
        city.districts().forEach(d -> texts.add(d.name()));
        city.incidentTypes().forEach(t -> texts.add(t.name()));
        city.priorities().forEach(p -> texts.add(p.name()));
        city.unitKinds().forEach(k -> texts.add(k.name()));
        city.unitStatuses().forEach(s -> texts.add(s.name()));
        city.purposes().forEach(p -> texts.add(p.name()));
        city.talkGroupPolicies().forEach(t -> texts.add(t.name()));
        return texts;
    }
}
