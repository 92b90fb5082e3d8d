package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.Role;
import org.conurb.media.MediaWorkers;
import org.conurb.media.PacketRing;
import org.conurb.media.RingFanout;
import org.conurb.media.TrackFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;

/** Sessions are opened, refused and ended here; that packets arrive is tested with a browser. */
class LiveStoreTest {
    /** What Chromium offers to a player. */
    static final String OFFER = """
            v=0
            o=- 1 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=video 9 UDP/TLS/RTP/SAVPF 102
            c=IN IP4 0.0.0.0
            a=ice-ufrag:abcd
            a=ice-pwd:abcdefghijklmnopqrstuvwx
            a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08
            a=setup:actpass
            a=mid:0
            a=recvonly
            a=rtcp-mux
            a=rtpmap:102 H264/90000
            a=rtcp-fb:102 nack
            a=rtcp-fb:102 nack pli
            a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
            """.replace("\n", "\r\n");

    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera camera;
    private MediaWorkers workers;
    private LiveSessions sessions;
    private LiveController controller;
    private boolean signedIn = true;
    private boolean reorders;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
        camera = doors.camera("Market square");
        sends(LiveStream.Kind.MAIN, H264);
        workers = MediaWorkers.start(new MediaWorkers.Settings(
                InetAddress.getLoopbackAddress(),
                List.of(InetAddress.getLoopbackAddress()),
                0,
                -1,
                1,
                10,
                true,
                false,
                doors.clock,
                System::nanoTime));
        sessions = new LiveSessions(workers, doors.lines, doors.views, doors.access, doors.transactions, doors.clock);
        controller = new LiveController(
                doors.cameras,
                sessions,
                doors.views,
                doors.access,
                doors.audit,
                caller -> signedIn,
                doors.transactions);
        doors.audit.clear();
    }

    private static final TrackFormat H264 = new TrackFormat.H264(List.of(), List.of());
    private static final TrackFormat H265 = new TrackFormat.H265(List.of(), List.of(), List.of(), false);

    private LiveStream sends(LiveStream.Kind kind, TrackFormat format) {
        RingFanout out = new RingFanout();
        out.follow(new PacketRing(1 << 17));
        LiveStream stream = new LiveStream(camera.id(), kind, out, List.of(format), () -> reorders);
        doors.lines.live.put(kind, stream);
        return stream;
    }

    @AfterEach
    void close() {
        sessions.close();
        workers.close();
    }

    @Test
    void anOfferIsAnsweredWithTheSessionsLocationAndTheViewIsWritten() {
        ResponseEntity<byte[]> answer = view();

        assertThat(answer.getStatusCode().value()).isEqualTo(201);
        assertThat(answer.getHeaders().getFirst("Content-Type")).isEqualTo("application/sdp");
        assertThat(answer.getHeaders().getFirst("Location")).startsWith("/whep/sessions/");
        assertThat(new String(answer.getBody(), UTF_8)).startsWith("v=0").contains("a=ice-lite", "a=sendonly");
        assertThat(doors.audit.actions()).containsExactly("camera.live.read");

        view();
        assertThat(doors.audit.actions()).hasSize(1);
    }

    @Test
    void endingTheGrantEndsTheStreamAtTheNextCheck() {
        view();
        sessions.check();
        assertThat(sessions.open()).isEqualTo(1);

        doors.access.withoutPurpose();
        awaitNone();
    }

    @Test
    void signingOutEndsTheStreamToo() {
        view();
        signedIn = false;
        awaitNone();
    }

    @Test
    void whoLooksOnForMoreThanAnHourIsWrittenAgain() {
        view();
        doors.clock.advance(Duration.ofMinutes(61));
        sessions.check();
        sessions.check();

        assertThat(doors.audit.actions()).containsExactly("camera.live.read", "camera.live.read");
    }

    @Test
    void withoutAPurposeThereIsNoStream() {
        doors.access.withoutPurpose();

        assertThatThrownBy(this::view).isInstanceOf(Denied.class);
        assertThat(sessions.open()).isZero();
    }

    @Test
    void aCameraFromWhichNothingComesIsSaidSo() {
        doors.lines.live.clear();

        assertThatThrownBy(this::view).isInstanceOf(Conflict.class).hasMessageContaining("Nothing comes");
        assertThat(sessions.open()).isZero();
    }

    @Test
    void aSubStreamThatIsBeingConnectedIsWaitedFor() {
        camera = doors.cameraWithSub("Harbour");
        sends(LiveStream.Kind.MAIN, H264);
        LiveStream sub = sends(LiveStream.Kind.SUB, H264);
        doors.lines.subAfter = 3;

        view("sub", OFFER);

        assertThat(sessions.shown(sub)).isEqualTo(1);
    }

    @Test
    void whereTheSubStreamDoesNotComeTheMainOneIsShown() {
        LiveStream main = sends(LiveStream.Kind.MAIN, H264);

        view("sub", OFFER);

        assertThat(sessions.shown(main)).isEqualTo(1);
    }

    @Test
    void aMainStreamThatBrowsersDoNotShowGivesWayToTheSubStream() {
        camera = doors.cameraWithSub("Harbour");
        sends(LiveStream.Kind.MAIN, H265);
        assertThatThrownBy(this::view).isInstanceOf(Conflict.class).hasMessageContaining("H.264");

        LiveStream sub = sends(LiveStream.Kind.SUB, H264);
        view();
        assertThat(sessions.shown(sub)).isEqualTo(1);
    }

    @Test
    void bFramesAreRefusedWithWhatToDo() {
        reorders = true;

        assertThatThrownBy(this::view).isInstanceOfSatisfying(Conflict.class, refused -> {
            assertThat(refused.detail()).contains("B frames");
            assertThat(refused.remedy()).contains("live.m3u8");
        });
        assertThat(sessions.open()).isZero();
    }

    @Test
    void aViewerWhoseCameraSendsAnotherFormNowIsAskedToComeAgain() {
        view();
        sessions.check();
        assertThat(sessions.open()).isEqualTo(1);

        sends(LiveStream.Kind.MAIN, H265);
        awaitNone();

        sends(LiveStream.Kind.MAIN, H264);
        view();
        reorders = true;
        awaitNone();

        reorders = false;
        view();
        sends(LiveStream.Kind.MAIN, H264); // as after its address was changed
        awaitNone();
    }

    @Test
    void offersThatAreNoneAreRefusedAndLeaveNothing() {
        for (String offer : List.of("", "v=0\r\n", "rubbish", OFFER.replace("H264", "VP9"))) {
            assertThatThrownBy(() -> view(offer)).isInstanceOf(ConurbException.class);
        }
        assertThat(sessions.open()).isZero();
    }

    @Test
    void onlyOnesOwnSessionCanBeEnded() {
        String location = view().getHeaders().getFirst("Location");
        String id = location.substring(location.lastIndexOf('/') + 1);

        assertThatThrownBy(() -> controller.end(id, Doors.caller(Doors.FIRE, Role.DISPATCHER)))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> controller.end(UUID.randomUUID().toString(), doors.dispatcher))
                .isInstanceOf(NotFound.class);
        assertThat(controller
                        .patch(id, "a=candidate:1 1 UDP 1 1.2.3.4 5 typ host".getBytes(UTF_8), doors.dispatcher)
                        .getStatusCode()
                        .value())
                .isEqualTo(204);
        assertThat(controller.end(id, doors.dispatcher).getStatusCode().value()).isEqualTo(200);
        assertThat(sessions.open()).isZero();
    }

    @Test
    void aPhonePublishesToACameraThatWaitsForOneAndToNoOther() {
        String offer = OFFER.replace("a=recvonly", "a=sendonly");
        assertThatThrownBy(() -> publish(camera, offer)).isInstanceOf(Conflict.class);

        NewCamera phone = Doors.wanted("Phone", "whip");
        CameraAddress none = CameraAddress.parse("whip", null, Optional.empty());
        Camera waiting = doors.in(() -> doors.cameras.add(doors.administrator, phone, none));
        ResponseEntity<byte[]> answer = publish(waiting, offer);

        assertThat(answer.getHeaders().getFirst("Location")).startsWith("/whip/sessions/");
        assertThat(new String(answer.getBody(), UTF_8)).contains("a=recvonly");
        assertThat(doors.audit.actions()).contains("camera.published");
        doors.access.writable();
        assertThatThrownBy(() -> publish(waiting, offer)).isInstanceOf(Denied.class);
    }

    private ResponseEntity<byte[]> publish(Camera to, String offer) {
        return controller.publish(to.urn(), offer.getBytes(UTF_8), doors.dispatcher, new MockHttpServletRequest());
    }

    private ResponseEntity<byte[]> view() {
        return view(OFFER);
    }

    private ResponseEntity<byte[]> view(String offer) {
        return view("main", offer);
    }

    private ResponseEntity<byte[]> view(String stream, String offer) {
        return controller.view(
                camera.urn(), stream, null, offer.getBytes(UTF_8), doors.dispatcher, new MockHttpServletRequest());
    }

    private void awaitNone() {
        long until = System.nanoTime() + 5_000_000_000L;
        while (sessions.open() > 0 && System.nanoTime() < until) {
            sessions.check();
            Thread.onSpinWait();
        }
        assertThat(sessions.open()).isZero();
    }
}
