package org.conurb.streets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.streets.WayFile.Spot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceIndexTest {
    private final PlaceFile places = new PlaceFile();

    @TempDir
    Path folder;

    @BeforeEach
    void aSmallCity() {
        street("Rue Grimaldi", 43.7360, 7.4190);
        street("Rue Grimaldi", 43.7350, 7.4185);
        street("Boulevard Albert 1er", 43.7340, 7.4215);
        street("Avenue d'Ostende", 43.7380, 7.4240);
        street("Straße des Œuvres", 43.7300, 7.4100);
        places.add(
                List.of("Place du Casino", "Casino Square", "赌场广场", "ساحة الكازينو"),
                Place.Kind.STREET,
                at(43.7392, 7.4280));
        places.add(List.of("La Condamine"), Place.Kind.QUARTER, at(43.7350, 7.4200));
        places.add(List.of("Centre Hospitalier Princesse Grace"), Place.Kind.POI, at(43.7310, 7.4140));
        places.number("12", "Rue Grimaldi", at(43.7361, 7.4191));
        places.number("14;16 bis", "rue grimaldi", at(43.7362, 7.4192));
        places.number("3", "Square Lamarck", at(43.7333, 7.4180));
    }

    private void street(String name, double latitude, double longitude) {
        places.add(List.of(name), Place.Kind.STREET, at(latitude, longitude));
    }

    private static Spot at(double latitude, double longitude) {
        return Spot.of(latitude, longitude);
    }

    private PlaceIndex index() throws IOException {
        Path file = folder.resolve("places");
        places.write(file);
        return PlaceIndex.open(file);
    }

    private String first(String query) throws IOException {
        return index().search(query, Optional.empty(), 5).stream()
                .findFirst()
                .map(Place::label)
                .orElse("");
    }

    @Test
    void aStreetIsFoundByTheBeginningOfItsWordsInAnyOrder() throws IOException {
        assertThat(first("grim")).isEqualTo("Rue Grimaldi, La Condamine");
        assertThat(first("alb boul")).isEqualTo("Boulevard Albert 1er, La Condamine");
    }

    @Test
    void piecesOfOneStreetAreOne() throws IOException {
        assertThat(index().search("grimaldi", Optional.empty(), 10)).hasSize(1);
    }

    @Test
    void streetsOfOneNameInTwoTownsStayTwoAndTheNearOneComesFirst() throws IOException {
        street("Rue Grimaldi", 43.9, 7.9);

        List<Place> found = index().search("rue grimaldi", Optional.of(new Epsg4326Point(43.9, 7.9)), 10);

        assertThat(found).hasSize(2);
        assertThat(found.getFirst().place().latitudeDegrees()).isEqualTo(43.9);
    }

    @Test
    void aHouseNumberIsFoundBeforeOrBehindTheStreet() throws IOException {
        assertThat(first("12 rue grimaldi")).isEqualTo("Rue Grimaldi 12, La Condamine");
        assertThat(first("rue grimaldi 14")).isEqualTo("Rue Grimaldi 14, La Condamine");
        assertThat(index().search("grimaldi 12", Optional.empty(), 1).getFirst())
                .satisfies(place -> assertThat(place.kind()).isEqualTo(Place.Kind.ADDRESS))
                .satisfies(place -> assertThat(place.place()).isEqualTo(new Epsg4326Point(43.7361, 7.4191)));
    }

    @Test
    void aNumberThatIsNotThereStillFindsTheStreet() throws IOException {
        assertThat(first("rue grimaldi 999")).isEqualTo("Rue Grimaldi, La Condamine");
    }

    @Test
    void aNumberInANameIsNotTakenForAHouse() throws IOException {
        assertThat(first("albert 1er")).startsWith("Boulevard Albert 1er");
    }

    @Test
    void aStreetKnownOnlyFromItsHousesIsFound() throws IOException {
        assertThat(first("square lamarck 3")).startsWith("Square Lamarck 3");
    }

    @Test
    void oneLetterMayBeWrongMissingTooManyOrSwapped() throws IOException {
        for (String typed : List.of("grimeldi", "grmaldi", "grimalldi", "girmaldi")) {
            assertThat(first(typed)).as(typed).startsWith("Rue Grimaldi");
        }
        assertThat(first("gremeldi")).isEmpty();
    }

    @Test
    void accentsCaseAndSpellingAreFolded() throws IOException {
        assertThat(first("strasse des oeuvres")).startsWith("Straße des Œuvres");
        assertThat(first("HÔSPITÂLIER")).startsWith("Centre Hospitalier");
    }

    @Test
    void otherLanguagesFindTheLocalName() throws IOException {
        assertThat(first("casino square")).startsWith("Place du Casino");
        assertThat(first("赌场")).startsWith("Place du Casino");
        assertThat(first("ساحة الكازينو")).startsWith("Place du Casino");
    }

    @Test
    void theCitysNameAtTheEndDoesNoHarm() throws IOException {
        assertThat(first("rue grimaldi, Monaco")).startsWith("Rue Grimaldi");
        assertThat(first("grimaldi condamine")).startsWith("Rue Grimaldi");
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        assertThat(index().search("xyz", Optional.empty(), 5)).isEmpty();
        assertThat(index().search("  ,; ", Optional.empty(), 5)).isEmpty();
    }

    @Test
    void aLargeCityIsSearched() throws IOException {
        Random random = new Random(1);
        List<String> syllables = List.of("ka", "ro", "mi", "ten", "sol", "var", "dun", "pe", "lis", "gor", "ba", "hin");
        for (int i = 0; i < 40_000; i++) {
            StringBuilder name = new StringBuilder("Rue ");
            for (int s = 0; s < 5; s++) {
                name.append(syllables.get(random.nextInt(syllables.size())));
            }
            street(name.toString(), 43 + random.nextDouble(), 7 + random.nextDouble());
        }
        for (int i = 0; i < 100_000; i++) {
            places.number(String.valueOf(i % 200), "Rue Grimaldi", at(43.736, 7.419));
        }
        PlaceIndex index = index();
        assertThat(index.search("r", Optional.empty(), 10)).hasSize(10);
        assertThat(index.search("grimeldi 12", Optional.empty(), 10).getFirst().label())
                .startsWith("Rue Grimaldi 12");
        assertThat(index.search("xarumitensolqq 5", Optional.empty(), 10)).isEmpty();
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        Path file = folder.resolve("places");
        places.write(file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            byte[] other = whole.clone();
            other[random.nextInt(PlaceFile.HEADER - 4, other.length)] ^= (byte) (1 << random.nextInt(8));
            Path damaged = folder.resolve("damaged" + round);
            Files.write(damaged, round % 2 == 0 ? other : java.util.Arrays.copyOf(whole, random.nextInt(whole.length)));
            if (round % 2 == 1
                    || !java.util.Arrays.equals(other, 0, 32, whole, 0, 32)
                    || !java.util.Arrays.equals(other, 36, other.length, whole, 36, whole.length)) {
                assertThatThrownBy(() -> PlaceIndex.open(damaged)).isInstanceOf(IOException.class);
            }
            Files.delete(damaged);
        }
    }
}
