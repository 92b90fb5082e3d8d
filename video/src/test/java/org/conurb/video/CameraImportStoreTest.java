package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CameraImportStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
    }

    @Test
    void rightRowsAreAddedAndTheOthersNamedWithWhatToDo() {
        JsonNode report = imported("""
                name,source,longitude,latitude,user,password,heading
                Market,rtsp://10.20.0.1/a,7.42,43.73,admin,geheim,90
                "Bridge, east",rtsp://u:geheim@10.20.0.2/a,7.42,43.73,,,
                Market,rtsp://10.20.0.3/a,7.42,43.73,,,
                Far,rtsp://u:geheim@192.168.0.1/a,7.42,43.73,,,
                Nowhere,rtsp://10.20.0.4/a,743,43.73,,,
                Phone,whip,7.42,43.73,,,
                Short,rtsp://10.20.0.5/a
                """);

        assertThat(report.path("added").asInt()).isEqualTo(3);
        assertThat(report.path("refused").asInt()).isEqualTo(4);
        assertThat(report.path("rows")
                        .valueStream()
                        .map(row -> row.path("line").asInt() + " "
                                + row.path("outcome").asString()))
                .containsExactly("2 added", "3 added", "4 refused", "5 refused", "6 refused", "7 added", "8 refused");
        assertThat(report.path("rows").get(3).path("remedy").asString()).contains("camera-networks");
        assertThat(report.toString()).doesNotContain("geheim");
        assertThat(doors.lines.wanted.values().stream().flatMap(source -> source.login().stream()))
                .containsExactlyInAnyOrder(new CameraLogin("admin", "geheim"), new CameraLogin("u", "geheim"));
    }

    @Test
    void howLongRecordingsAreKeptMayStandInTheTable() {
        JsonNode report = imported("""
                name,source,longitude,latitude,least_days,most_days,priority
                Market,rtsp://10.20.0.1/a,7.42,43.73,14,60,high
                Bridge,rtsp://10.20.0.2/a,7.42,43.73,,,
                Square,rtsp://10.20.0.3/a,7.42,43.73,14,7,
                Street,rtsp://10.20.0.4/a,7.42,43.73,,a month,
                """);

        assertThat(report.path("added").asInt()).isEqualTo(2);
        assertThat(report.path("rows").get(2).path("remedy").asString()).contains("leastDays");
        assertThat(report.path("rows").get(3).path("detail").asString()).contains("most_days");
        assertThat(doors.cameras.all())
                .extracting(camera -> camera.name() + " " + camera.keeping().view())
                .containsExactlyInAnyOrder(
                        "Market View[leastDays=14, mostDays=60, priority=high]",
                        "Bridge View[leastDays=null, mostDays=null, priority=normal]");
    }

    @Test
    void tablesOfSpreadsheetsWithSemicolonsMarksAndCarriageReturnsAreRead() {
        JsonNode report = imported(
                "\uFEFFName;Source;Longitude;Latitude\r\n\"Café \"\"Zum Bär\"\"\nback\";rtsp://10.20.0.1/;7,42;43,73\r\n\r\n");

        assertThat(report.path("rows").get(0).path("remedy").asString()).contains("Name it");
        assertThat(imported("name;source;longitude;latitude\r\n\"Café \"\"Bär\"\"\";rtsp://10.20.0.1/;7,42;43,73\r\n")
                        .path("rows")
                        .get(0)
                        .path("name")
                        .asString())
                .isEqualTo("Café \"Bär\"");
    }

    @Test
    void whatIsNoTableOfCamerasIsRefusedWhole() {
        for (byte[] csv : List.of(
                bytes(""),
                bytes("name,source\n"),
                bytes("name,source,longitude,latitude,colour\n"),
                bytes("name,name,source,longitude,latitude\n"),
                bytes("name,source,longitude,latitude\n\"never ends"),
                bytes("name,source,longitude,latitude\n" + "a,b,c,d\n".repeat(CameraImport.MOST_ROWS + 1)),
                bytes("name,source,longitude,latitude\n" + ",".repeat(100)),
                new byte[] {(byte) 0xff, (byte) 0xfe, 0})) {
            assertThatThrownBy(
                            () -> doors.controller.addAll(csv, doors.administrator, doors.change(doors.administrator)))
                    .isInstanceOf(BadRequest.class);
        }
        assertThat(doors.lines.wanted).isEmpty();
    }

    @Test
    void randomBytesAddNothingAndFailInOrder() {
        Random random = new Random(11);
        byte[] head = bytes("name,source,longitude,latitude\n");
        for (int i = 0; i < 500; i++) {
            byte[] csv = new byte[head.length + random.nextInt(300)];
            for (int at = 0; at < csv.length; at++) {
                csv[at] = at < head.length && i % 2 == 0
                        ? head[at]
                        : (byte) "\",;\n\r ab=+-@\u0000".charAt(random.nextInt(13));
            }
            try {
                assertThat(doors.controller
                                .addAll(csv, doors.administrator, doors.change(doors.administrator))
                                .status())
                        .isEqualTo(200);
            } catch (BadRequest refused) {
                assertThat(refused.code()).isEqualTo("csv");
            }
        }
        assertThat(doors.lines.wanted).isEmpty();
    }

    private JsonNode imported(String csv) {
        return Json.mapper()
                .readTree(doors.controller
                        .addAll(bytes(csv), doors.administrator, doors.change(doors.administrator))
                        .body());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
