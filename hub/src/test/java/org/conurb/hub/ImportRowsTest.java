package org.conurb.hub;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.conurb.kernel.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImportRowsTest {
    @TempDir
    Path folder;

    private Path file(byte[] bytes) {
        try {
            return Files.write(folder.resolve("file"), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<ImportRow> rows(byte[] bytes) {
        Path file = file(bytes);
        return rows(file, ImportDialect.guess(file));
    }

    private static List<ImportRow> rows(Path file, ImportDialect dialect) {
        List<ImportRow> all = new ArrayList<>();
        try (ImportRows rows = ImportRows.open(file, dialect)) {
            for (ImportRow row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
            assertThat(rows.next()).isNull();
        }
        return all;
    }

    private List<ImportRow> rows(String text) {
        return rows(text.getBytes(UTF_8));
    }

    private void refused(String text, String why) {
        assertThatThrownBy(() -> rows(text))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        refused -> assertThat(refused.remedy()).isNotBlank())
                .hasMessageContaining(why);
    }

    @Test
    void cellsAreTextAndEmptyOnesAreNotThere() {
        List<ImportRow> rows = rows("a,b,c\n1, two ,\n\n\"x \"\"y\"\",\nz\",,3\n");
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).cells()).hasToString("{a=\"1\", b=\"two\"}");
        assertThat(rows.get(0).line()).isEqualTo(2);
        assertThat(rows.get(1).cells().get("a").stringValue()).isEqualTo("x \"y\",\nz");
        assertThat(rows.get(1).number()).isEqualTo(2);
        assertThat(rows.get(1).line()).isEqualTo(4);
    }

    @Test
    void delimiterAndEncodingAreFound() {
        for (String delimiter : List.of(",", ";", "\t", "|")) {
            assertThat(rows("name%sb%<sc\nÉze%<s1%<s2\n".formatted(delimiter))
                            .getFirst()
                            .cells())
                    .hasSize(3);
        }
        Map<String, byte[]> written = new LinkedHashMap<>();
        String text = "name,b\nÉze,1\n";
        written.put("UTF-8", text.getBytes(UTF_8));
        written.put("UTF-8 with a mark", ("\uFEFF" + text).getBytes(UTF_8));
        written.put("UTF-16LE", ("\uFEFF" + text).getBytes(UTF_16LE));
        written.put("UTF-16BE", ("\uFEFF" + text).getBytes(UTF_16BE));
        written.put("windows-1252", text.getBytes(Charset.forName("windows-1252")));
        written.forEach((how, bytes) -> assertThat(
                        rows(bytes).getFirst().cells().get("name").stringValue())
                .as(how)
                .isEqualTo("Éze"));
    }

    @Test
    void anEncodingThatIsNotThatOfTheFileIsRefused() {
        Path file = file("name\nÉze\n".getBytes(Charset.forName("windows-1252")));
        ImportDialect utf8 = new ImportDialect(ImportDialect.Format.CSV, "UTF-8", ",", "\"", ".");
        assertThatThrownBy(() -> rows(file, utf8))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("encoding");
    }

    @Test
    void shorterAndLongerRowsAreFaultsOfTheRow() {
        List<ImportRow> rows = rows("a,b\n1\n1,2,3\n1,2\n");
        assertThat(rows)
                .extracting(ImportRow::fault)
                .containsExactly("The row has 1 cells, the header 2.", "The row has 3 cells, the header 2.", null);
    }

    @Test
    void tablesThatAreNoneAreRefused() {
        refused("", "empty");
        refused("\n\n", "no first line");
        refused("a,b,a\n1,2,3\n", "Two columns are named a");
        refused("a\u0000,b\n1,2\n", "no name");
        refused("PK\u0003\u0004\u0014\u0000\n", "no name");
        refused("a,b\n1,\"two\n3,4\n", "quotes");
        refused("a,b\n1,\"two\"x\n", "quotes");
        refused(
                IntStream.range(0, 100_000).mapToObj(n -> "c" + n).collect(Collectors.joining(",")) + "\n",
                "100000 columns");
        refused("a,b\n1," + "x".repeat(10_000_000) + "\n", "does not end within 2 MB");
        refused("a".repeat(300) + "\n1\n", "no name");
    }

    @Test
    void featuresAreRowsOfTheirProperties() {
        List<ImportRow> rows = rows("""
                {"name":"trees","features":[
                  {"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[7.4,43.7]},"properties":{"a":1,"b":null,"c":{"d":[1]}}},
                  {"type":"Feature","geometry":null,"properties":null},
                  {"type":"Thing"}, 5
                ],"type":"FeatureCollection"}""");
        assertThat(rows).hasSize(4);
        assertThat(rows.getFirst().cells())
                .hasToString("{@id=7, @geometry={\"type\":\"Point\",\"coordinates\":[7.4,43.7]}, a=1, c={\"d\":[1]}}");
        assertThat(rows.get(0).line()).isEqualTo(2);
        assertThat(rows.get(1).cells()).isEmpty();
        assertThat(rows.get(2).fault()).isNotNull();
        assertThat(rows.get(3).fault()).isNotNull();
        assertThat(rows("[{\"a\":1},{\"b\":\"x\"}]"))
                .extracting(row -> row.cells().size())
                .containsExactly(1, 1);
    }

    @Test
    void documentsThatAreNoFeaturesAreRefused() {
        String one = "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"a\":1}}";
        refused("{\"type\":\"FeatureCollection\",\"features\":[" + one + ",{\"type\":\"Fea", "breaks off");
        refused("{\"type\":\"FeatureCollection\",\"features\":[" + one, "breaks off");
        refused("{\"type\":\"FeatureCollection\",\"features\":[" + one + "]", "breaks off");
        refused("{\"type\":\"FeatureCollection\",\"features\":[" + one + "]} {}", "follows the end");
        refused("{\"type\":\"Topology\",\"features\":[" + one + "]}", "no GeoJSON FeatureCollection");
        refused("{\"type\":\"FeatureCollection\"}", "no GeoJSON FeatureCollection");
        refused(one, "no GeoJSON FeatureCollection");
        refused(
                "{\"type\":\"FeatureCollection\",\"features\":[{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000)
                        + "}]}",
                "deeper or longer");
        refused("{\"deep\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}", "deeper or longer");
        refused(
                "[{\"a\":\"" + "x".repeat(900_000) + "\",\"b\":\"" + "x".repeat(900_000) + "\",\"c\":\""
                        + "x".repeat(900_000) + "\"}]",
                "deeper or longer");
        refused("[{\"a\":1,\"a\":2}]", "breaks off or is wrong");
        refused(
                "["
                        + IntStream.range(0, 1_001)
                                .mapToObj(n -> "{\"c%d\":1}".formatted(n))
                                .collect(Collectors.joining(","))
                        + "]",
                "1000 different members");
    }

    @Test
    void randomBytesAreReadOrRefused() {
        Random random = new Random(7);
        for (int n = 0; n < 2_000; n++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (n % 2 == 0) {
                String alphabet = "{[\"',;\n\r:}]a1\\\u00e9 ";
                StringBuilder text = new StringBuilder();
                for (byte b : bytes) {
                    text.append(alphabet.charAt((b & 0xff) % alphabet.length()));
                }
                bytes = text.toString().getBytes(UTF_8);
            }
            try {
                rows(bytes);
            } catch (BadRequest refused) {
                assertThat(refused.detail()).isNotBlank();
            }
        }
    }
}
