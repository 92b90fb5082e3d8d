package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The city as GIS programs open it: through GDAL's own reader of OGC API - Features, the one of ogrinfo and ogr2ogr. */
class GisApiTest {
    private static final int TREES = 130;

    private final TestSite site = TestSite.shared();
    private final Call call = site.asInstaller();
    private final String kind = "GisTree" + UUID.randomUUID().toString().replaceAll("[^0-9]", "");
    private final Map<String, JsonNode> places = new TreeMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void plant() {
        boolean there = Stream.of("ogrinfo", "ogr2ogr").allMatch(GisApiTest::isThere);
        assumeTrue(there, "skipped: there is no ogr2ogr on this machine; apt-get install gdal-bin");
        List<Object> trees = new ArrayList<>();
        for (int n = 0; n < TREES; n++) {
            Map<String, Object> place = n == 0
                    ? Map.of("type", "LineString", "coordinates", List.of(List.of(7.3, 43.7), List.of(7.5, 43.8)))
                    : Map.of("type", "Point", "coordinates", List.of(7.4 + n * 0.001, 43.7 + n * 0.0005));
            String id = "urn:ngsi-ld:%s:%d".formatted(kind, n);
            places.put(id, Json.mapper().valueToTree(place));
            trees.add(Map.of(
                    "id",
                    id,
                    "type",
                    kind,
                    "location",
                    Map.of("type", "GeoProperty", "value", place),
                    "height",
                    n,
                    "wood",
                    n % 2 == 0 ? "oak" : "ash"));
        }
        call.post("/ngsi-ld/v1/entityOperations/create", trees).expect(201);
    }

    @AfterEach
    void fell() {
        if (!places.isEmpty()) {
            call.post("/ngsi-ld/v1/entityOperations/delete", places.keySet()).expect(204);
        }
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private String source() {
        return "OAPIF:" + site.address() + "/ogc/features/v1";
    }

    private record Ended(int code, String output) {
        Ended well() {
            assertThat(code).as(output).isZero();
            return this;
        }
    }

    private Ended run(String headers, String... line) {
        try {
            Path output = Files.createTempFile(folder, "gdal", ".log");
            ProcessBuilder program =
                    new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
            program.environment().put("GDAL_HTTP_HEADERS", headers);
            Process process = program.start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(line[0]).isTrue();
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String bearer() {
        return "Authorization: Bearer " + call.token();
    }

    /** Features by id, as GDAL writes them. */
    private Map<String, JsonNode> taken(String... more) throws IOException {
        Path file = folder.resolve(UUID.randomUUID() + ".geojson");
        List<String> line = new ArrayList<>(List.of("ogr2ogr", "-f", "GeoJSON", file.toString(), source(), kind));
        line.addAll(List.of(more));
        run(bearer(), line.toArray(String[]::new)).well();
        Map<String, JsonNode> features = new TreeMap<>();
        for (JsonNode feature : Json.mapper().readTree(Files.readAllBytes(file)).get("features")) {
            JsonNode id = feature.has("id") ? feature.get("id") : feature.at("/properties/id");
            assertThat(features.put(id.stringValue(), feature)).isNull();
        }
        return features;
    }

    @Test
    void ogrinfoFindsTheLayerAndCountsItsFeatures() {
        assertThat(run(bearer(), "ogrinfo", "-ro", source()).well().output()).contains(kind);
        String summary =
                run(bearer(), "ogrinfo", "-ro", "-so", source(), kind).well().output();
        assertThat(summary).contains("Feature Count: " + TREES, "height: Integer", "wood: String", "WGS 84");
        assertThat(run("X-Nothing: 1", "ogrinfo", "-ro", source(), kind).code()).isNotZero();
    }

    @Test
    void ogr2ogrTakesEveryFeatureWithItsIdAndGeometry() throws IOException {
        Map<String, JsonNode> features = taken("-oo", "PAGE_SIZE=50");
        assertThat(features.keySet()).isEqualTo(places.keySet());
        features.forEach((id, feature) -> {
            assertThat(feature.at("/geometry/type")).isEqualTo(places.get(id).get("type"));
            assertThat(numbers(feature.get("geometry")))
                    .as(id)
                    .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : Double.compare(a, b))
                    .containsExactlyElementsOf(numbers(places.get(id)));
            int n = feature.at("/properties/height").intValue();
            assertThat(id).endsWith(":" + n);
            assertThat(feature.at("/properties/wood").stringValue()).isEqualTo(n % 2 == 0 ? "oak" : "ash");
        });
    }

    private static List<Double> numbers(JsonNode geometry) {
        List<Double> all = new ArrayList<>();
        gather(geometry.get("coordinates"), all);
        return all;
    }

    private static void gather(JsonNode coordinates, List<Double> all) {
        if (coordinates.isNumber()) {
            all.add(coordinates.doubleValue());
        } else {
            coordinates.forEach(one -> gather(one, all));
        }
    }

    @Test
    void ogr2ogrNarrowsByPlaceAndByValue() throws IOException {
        assertThat(taken("-spat", "7.4005", "43.70", "7.4105", "43.7055").keySet())
                .hasSize(10)
                .contains("urn:ngsi-ld:%s:1".formatted(kind), "urn:ngsi-ld:%s:10".formatted(kind));
        assertThat(taken("-where", "wood = 'oak' and height < 10").keySet()).hasSize(5);
    }
}
