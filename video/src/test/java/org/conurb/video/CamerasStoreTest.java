package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.patch;
import static org.conurb.video.Doors.wanted;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamerasStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
    }

    @Test
    void aCameraAddedIsWantedShownAndLinkedAndItsLoginNeverComesOut() {
        Answer answer = doors.controller.add(
                wanted("Market square", "rtsp://admin:ge%40heim@10.20.1.7:8554/stream1?channel=1&password=ge@heim"),
                doors.administrator,
                doors.change(doors.administrator));

        assertThat(answer.status()).isEqualTo(201);
        String body = new String(answer.body(), UTF_8);
        assertThat(body).doesNotContain("heim").doesNotContain("admin");
        assertThat(body).contains("rtsp://10.20.1.7:8554/stream1?channel=1&password=***");
        CameraSource source = doors.lines.wanted.values().iterator().next();
        assertThat(source.login()).contains(new CameraLogin("admin", "ge@heim"));
        assertThat(source.main().orElseThrow()).hasToString("rtsp://10.20.1.7:8554/stream1?channel=1&password=ge@heim");
        Entity entity = doors.in(() -> doors.entities.find(source.id().urn())).orElseThrow();
        assertThat(entity.attribute("name")).contains(Attribute.property("Market square"));
        assertThat(entity.toString()).doesNotContain("heim");
        assertThat(doors.audit.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("camera.added");
            assertThat(entry.facts().toString()).doesNotContain("heim");
        });
    }

    @Test
    void whatIsSecretLiesSealedInTheTable() {
        doors.camera("Market square");

        String row = doors.in(() -> doors.transactions
                .jdbc()
                .sql("select camera::text from video.camera")
                .query(String.class)
                .single());
        assertThat(row).contains("rtsp://10.20.1.7/stream1").doesNotContain("geheim");
        assertThat(row).doesNotContain(java.util.HexFormat.of().formatHex("geheim".getBytes(UTF_8)));
    }

    @Test
    void whoMayNotChangeACameraDoesNotSeeItsAddress() {
        Camera camera = doors.camera("Market square");
        doors.access.writable();

        CameraView view = doors.controller.find(camera.urn(), doors.dispatcher);

        assertThat(view.source()).isNull();
        assertThat(view.state()).isEqualTo("recording");
        assertThat(view.bitsPerSecond()).isEqualTo(1_500_000);
        assertThat(view.clockOffsetMillis()).isEqualTo(40);
    }

    @Test
    void camerasOutsideTheCamerasNetworksAreRefused() {
        for (String source : List.of(
                "rtsp://192.168.1.5/x",
                "rtsp://127.0.0.1/x",
                "rtsp://[::1]/x",
                "rtsp://169.254.169.254/latest",
                "rtsp://8.8.8.8/x",
                "rtsp://10.21.0.1/x")) {
            assertThatThrownBy(() -> doors.cameras.checked(wanted("A", source)))
                    .as(source)
                    .isInstanceOf(BadRequest.class)
                    .hasMessageContaining("camera networks");
        }
        assertThat(doors.cameras.checked(wanted("A", "rtsp://127.0.0.1:8554/demo")))
                .isPresent();
    }

    @Test
    void addressesThatCannotBeReadAreRefusedWithoutSayingWhatTheyHold() {
        Random random = new Random(3);
        for (String source : List.of(
                "http://10.20.1.1/",
                "rtsp://",
                "rtsp:///path",
                "rtsp://u:geheim@",
                "rtsp://u:geheim@10.20.1.1:99999/",
                "rtsp://u:geheim@10.20.1.1:0/",
                "rtsp://10.20.1.1/a b\r\nDESCRIBE",
                "file:///etc/passwd",
                "rtsp://u:geheim@10.20.1.1/" + "x".repeat(3000))) {
            assertThatThrownBy(() -> CameraAddress.parse(source, null, java.util.Optional.empty()))
                    .as(source)
                    .isInstanceOf(BadRequest.class)
                    .message()
                    .doesNotContain("geheim");
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            String source = "rtsp://" + new String(bytes, UTF_8);
            try {
                assertThat(CameraAddress.parse(source, null, java.util.Optional.empty())
                                .main())
                        .isPresent();
            } catch (BadRequest refused) {
                assertThat(refused.code()).startsWith("camera-");
            }
        }
    }

    @Test
    void aPasswordWithSpecialCharactersIsUnderstoodHoweverItIsWritten() {
        assertThat(CameraAddress.parse("rtsp://root:p@ss:w%23rd@10.20.0.9/a", null, java.util.Optional.empty())
                        .login())
                .contains(new CameraLogin("root", "p@ss:w#rd"));
    }

    @Test
    void aLoginStaysWithItsDoorAndNeverGoesToAnother() {
        Camera camera = doors.camera("Market square");

        change(camera, patch(null, "rtsp://10.20.1.7/stream2", null));
        assertThat(login(camera)).contains(new CameraLogin("admin", "geheim"));

        change(camera, patch(null, "rtsp://10.20.9.9/stream2", null));
        assertThat(login(camera)).isEmpty();

        change(camera, patch(null, null, "neu"));
        assertThat(login(camera)).contains(new CameraLogin("admin", "neu"));

        change(camera, patch("Market square, north", "rtsp://10.20.9.9/stream2", null));
        assertThat(login(camera)).contains(new CameraLogin("admin", "neu"));
    }

    @Test
    void aCertificateStaysWithItsDoorUntilItIsTakenAwayAndIsShownToWhoMayChange() {
        String colons = "AB:".repeat(31) + "AB";
        CertificatePin pin = new CertificatePin("ab".repeat(32));
        NewCamera wanted = certified("Gate", "rtsps://10.20.1.7/stream1", colons);
        CameraAddress address = doors.cameras.checked(wanted).orElseThrow();
        Camera camera = doors.in(() -> doors.cameras.add(doors.administrator, wanted, address));

        assertThat(doors.lines.wanted.get(camera.id()).certificate()).contains(pin);
        assertThat(doors.controller.find(camera.urn(), doors.administrator).certificate())
                .isEqualTo(pin.hex());
        change(camera, patch("Gate 2", "rtsps://10.20.1.7/stream2", null));
        assertThat(doors.lines.wanted.get(camera.id()).certificate()).contains(pin);
        change(camera, certified(null, null, ""));
        assertThat(doors.lines.wanted.get(camera.id()).certificate()).isEmpty();
        change(camera, certified(null, null, pin.hex()));
        change(camera, patch(null, "rtsps://10.20.9.9/stream2", null));
        assertThat(doors.lines.wanted.get(camera.id()).certificate()).isEmpty();
        doors.access.writable();
        assertThat(doors.controller.find(camera.urn(), doors.dispatcher).certificate())
                .isNull();
    }

    @Test
    void whatIsNoCertificateOrHasNoUseIsRefused() {
        for (NewCamera refused : List.of(
                certified("A", "rtsps://10.20.1.7/x", "not-hex"),
                certified("A", "rtsps://10.20.1.7/x", "ab".repeat(31)),
                certified("A", "rtsps://10.20.1.7/x", "z".repeat(100_000)),
                certified("A", "rtsp://10.20.1.7/x", "ab".repeat(32)),
                certified("A", "whip", "ab".repeat(32)))) {
            assertThatThrownBy(() -> doors.cameras.checked(refused))
                    .isInstanceOf(BadRequest.class)
                    .extracting(e -> ((BadRequest) e).code())
                    .isEqualTo("camera-certificate");
        }
    }

    private static NewCamera certified(String name, String source, String certificate) {
        return new NewCamera(
                null, name, source, null, null, null, certificate, Doors.SQUARE, null, null, null, null, null);
    }

    @Test
    void namesAreOnceInAnOrganisation() {
        doors.camera("Market square");

        assertThatThrownBy(() -> doors.camera("Market square")).isInstanceOf(Conflict.class);
    }

    @Test
    void aRemovedCameraIsWantedNoMore() {
        Camera camera = doors.camera("Market square");

        doors.controller.remove(camera.urn(), doors.administrator, doors.change(doors.administrator));

        assertThat(doors.lines.wanted).isEmpty();
        assertThatThrownBy(() -> doors.controller.find(camera.urn(), doors.dispatcher))
                .isInstanceOf(NotFound.class);
        assertThat(doors.in(() -> doors.entities.find(camera.urn()))).isEmpty();
    }

    @Test
    void camerasOfOthersAreBehindTheWall() {
        Camera camera = doors.camera("Market square");

        assertThat(doors.transactions.as(
                        List.of(Doors.FIRE),
                        () -> new CameraStore(doors.transactions.jdbc(), doors.secrets).find(camera.id())))
                .isEmpty();
    }

    @Test
    void allCamerasAreWantedAgainAtTheNextStart() {
        doors.camera("A");
        doors.camera("B");
        doors.lines.wanted.clear();

        assertThat(doors.cameras.start()).isEqualTo(2);
        assertThat(doors.lines.wanted.values())
                .allMatch(source -> source.login().isPresent());
    }

    @Test
    void listsComeInPages() {
        for (int i = 0; i < 5; i++) {
            doors.camera("Camera " + i);
        }

        Page<CameraView> first = doors.controller.list(doors.dispatcher, 2, null);
        Page<CameraView> second = doors.controller.list(doors.dispatcher, 2, first.next());
        Page<CameraView> third = doors.controller.list(doors.dispatcher, 2, second.next());

        assertThat(third.next()).isNull();
        assertThat(List.of(first, second, third).stream()
                        .flatMap(page -> page.items().stream())
                        .map(CameraView::name))
                .containsExactly("Camera 0", "Camera 1", "Camera 2", "Camera 3", "Camera 4");
    }

    private CameraSecrets secrets(Random random) {
        return new CameraSecrets(SealingKey.open(folder.resolve("keys/cameras.key"), "enter all again", random));
    }

    @Test
    void aSealOpensForItsCameraAndKeyOnly() throws Exception {
        CameraSecrets secrets = secrets(new Random(1));
        CameraId one = new CameraId(new java.util.UUID(0, 1));
        CameraAddress address = CameraAddress.parse("rtsp://a:b@10.20.0.1/", null, java.util.Optional.empty());
        byte[] sealed = secrets.seal(one, address);

        assertThat(secrets(new Random(2)).open(one, sealed)).isEqualTo(address);
        assertThat(Files.getPosixFilePermissions(folder.resolve("keys/cameras.key")))
                .hasSize(2);
        assertThatThrownBy(() -> secrets.open(new CameraId(new java.util.UUID(0, 2)), sealed))
                .isInstanceOf(IllegalStateException.class);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> secrets.open(one, changed)).isInstanceOf(IllegalStateException.class);
        }
    }

    private void change(Camera camera, NewCamera patch) {
        doors.controller.change(camera.urn(), patch, doors.administrator, doors.change(doors.administrator));
    }

    private java.util.Optional<CameraLogin> login(Camera camera) {
        return doors.lines.wanted.get(camera.id()).login();
    }
}
