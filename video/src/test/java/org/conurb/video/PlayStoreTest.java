package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.EIGHT;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletResponse;

class PlayStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera camera;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        camera = doors.camera("Market square");
        doors.record(camera, EIGHT, 3);
        doors.record(camera, EIGHT.plusSeconds(6), 2);
        doors.gap(camera, EIGHT.plusSeconds(10), EIGHT.plusSeconds(20), GapReason.SILENT);
        doors.record(camera, EIGHT.plusSeconds(20), 2);
        doors.audit.clear();
    }

    @Test
    void aSpanAcrossFilesAndAGapIsOnePlaylistOfByteRangesIntoTheVeryFiles() throws IOException {
        String playlist = recording(EIGHT.plusSeconds(3), EIGHT.plusSeconds(21)).getContentAsString();

        assertThat(playlist).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:2
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-START:TIME-OFFSET=1.000,PRECISE=YES
                #EXT-X-MAP:URI="files/1772352000000.mp4?grant=GRANT",BYTERANGE="4@0"
                #EXT-X-PROGRAM-DATE-TIME:2026-03-01T08:00:02.000Z
                #EXTINF:2.000,
                #EXT-X-BYTERANGE:101@104
                files/1772352000000.mp4?grant=GRANT
                #EXTINF:2.000,
                #EXT-X-BYTERANGE:102@205
                files/1772352000000.mp4?grant=GRANT
                #EXT-X-MAP:URI="files/1772352006000.mp4?grant=GRANT",BYTERANGE="4@0"
                #EXT-X-PROGRAM-DATE-TIME:2026-03-01T08:00:06.000Z
                #EXTINF:2.000,
                #EXT-X-BYTERANGE:100@4
                files/1772352006000.mp4?grant=GRANT
                #EXTINF:2.000,
                #EXT-X-BYTERANGE:101@104
                files/1772352006000.mp4?grant=GRANT
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="files/1772352020000.mp4?grant=GRANT",BYTERANGE="4@0"
                #EXT-X-PROGRAM-DATE-TIME:2026-03-01T08:00:20.000Z
                #EXTINF:2.000,
                #EXT-X-BYTERANGE:100@4
                files/1772352020000.mp4?grant=GRANT
                #EXT-X-ENDLIST
                """.replace("GRANT", Doors.grant().toString()));
    }

    @Test
    void longSpansHaveLongerSegmentsOfTheSameBytes() throws IOException {
        String playlist = recording(EIGHT, EIGHT.plus(Duration.ofHours(1))).getContentAsString();

        assertThat(playlist).contains("#EXTINF:6.000,\n#EXT-X-BYTERANGE:303@4\n", "#EXT-X-TARGETDURATION:6");
    }

    @Test
    void rangesOfFilesAreServedAsTheyLieOnDisk() throws IOException {
        byte[] all = file("bytes=0-").getContentAsByteArray();
        MockHttpServletResponse part = file("bytes=104-204");

        assertThat(all).hasSize(307);
        assertThat(part.getStatus()).isEqualTo(206);
        assertThat(part.getHeader("Content-Range")).isEqualTo("bytes 104-204/307");
        assertThat(part.getContentAsByteArray()).isEqualTo(Arrays.copyOfRange(all, 104, 205));
        assertThat(file("bytes=-7").getContentAsByteArray()).isEqualTo(Arrays.copyOfRange(all, 300, 307));
        assertThat(file("bytes=307-").getStatus()).isEqualTo(416);
        assertThat(file("bytes=9999999999999999999-").getStatus()).isEqualTo(200);
        assertThat(file(null).getStatus()).isEqualTo(200);
    }

    @Test
    void withoutAPurposeNothingIsSeen() {
        doors.access.withoutPurpose();

        assertThatThrownBy(() -> recording(EIGHT, EIGHT.plusSeconds(10))).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> file("bytes=0-")).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> live()).isInstanceOf(Denied.class);
        assertThat(doors.audit.entries()).isEmpty();
    }

    @Test
    void eachGrantCameraAndSpanIsWrittenOnce() throws IOException {
        recording(EIGHT, EIGHT.plusSeconds(10));
        recording(EIGHT, EIGHT.plusSeconds(10));
        recording(EIGHT.plusSeconds(2), EIGHT.plusSeconds(8));
        file("bytes=0-10");
        file("bytes=10-20");
        assertThat(doors.audit.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("camera.play.read");
            assertThat(entry.id()).isEqualTo(camera.urn());
            assertThat(entry.grant()).contains(Doors.grant());
            assertThat(entry.facts())
                    .containsEntry("from", EIGHT.toString())
                    .containsEntry("to", EIGHT.plusSeconds(10).toString());
        });

        doors.access.under(new java.util.UUID(0, 2));
        recording(EIGHT, EIGHT.plusSeconds(10));
        assertThat(doors.audit.entries()).hasSize(2);
    }

    @Test
    void aFileThatNobodyAskedToPlayIsWrittenByItself() throws IOException {
        file("bytes=0-10");

        assertThat(doors.audit.actions()).containsExactly("camera.play.read");
    }

    @Test
    void livePlaylistsGoOnWhileTheRecordingGrows() throws IOException {
        Instant now = EIGHT.plus(Duration.ofMinutes(30));
        doors.record(camera, now.minusSeconds(8), 4);
        String first = live().getContentAsString();
        doors.clock.advance(Duration.ofSeconds(4));
        doors.record(camera, now, 2);
        String second = live().getContentAsString();

        assertThat(first).contains("#EXTINF:2.000").doesNotContain("ENDLIST").doesNotContain("DISCONTINUITY");
        assertThat(first.lines().filter(line -> line.startsWith("#EXTINF"))).hasSize(4);
        assertThat(second.lines().filter(line -> line.startsWith("#EXTINF"))).hasSize(6);
        assertThat(sequence(second)).isEqualTo(sequence(first));

        for (int i = 0; i < 10; i++) {
            doors.clock.advance(Duration.ofSeconds(4));
            doors.record(camera, now.plusSeconds(4 * (i + 1)), 2);
            long before = sequence(live().getContentAsString());
            assertThat(sequence(live().getContentAsString())).isEqualTo(before);
        }
        assertThat(sequence(live().getContentAsString())).isGreaterThan(sequence(first));
        assertThat(doors.audit.actions()).containsExactly("camera.live.read");

        doors.clock.advance(Duration.ofMinutes(10));
        assertThatThrownBy(this::live).isInstanceOf(NotFound.class);
    }

    @Test
    void spansThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> recording(EIGHT, EIGHT)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> recording(EIGHT, EIGHT.minusSeconds(1))).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> recording(EIGHT, EIGHT.plus(Duration.ofHours(25))))
                .isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> recording(Instant.MIN, Instant.MAX)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> recording(EIGHT.plusSeconds(600), EIGHT.plusSeconds(700)))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> doors.play.timeline(camera.urn(), "yesterday", doors.dispatcher))
                .isInstanceOf(BadRequest.class);
    }

    @Test
    void theDayIsTheCitysAndTellsGapsWithTheirReasons() {
        TimelineView day = doors.play.timeline(camera.urn(), "2026-03-01", doors.dispatcher);

        assertThat(day.from()).isEqualTo("2026-02-28T23:00:00Z");
        assertThat(day.to()).isEqualTo("2026-03-01T23:00:00Z");
        assertThat(day.gaps())
                .contains(new TimelineView.GapView(EIGHT.plusSeconds(10), EIGHT.plusSeconds(20), "silent"));
        assertThat(day.coveredSeconds()).isEqualTo(14);
    }

    private MockHttpServletResponse recording(Instant from, Instant to) throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        doors.play.recording(camera.urn(), from.toString(), to.toString(), null, doors.dispatcher, response);
        return response;
    }

    private MockHttpServletResponse live() throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        doors.play.live(camera.urn(), null, doors.dispatcher, response);
        return response;
    }

    private MockHttpServletResponse file(String range) throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        doors.play.file(camera.urn(), EIGHT.toEpochMilli() + ".mp4", range, doors.dispatcher, response);
        return response;
    }

    private static long sequence(String playlist) {
        return playlist.lines()
                .filter(line -> line.startsWith("#EXT-X-MEDIA-SEQUENCE:"))
                .mapToLong(line -> Long.parseLong(line.substring("#EXT-X-MEDIA-SEQUENCE:".length())))
                .findFirst()
                .orElseThrow();
    }
}
