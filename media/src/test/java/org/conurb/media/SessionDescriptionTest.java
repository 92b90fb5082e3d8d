package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.conurb.kernel.BadRequest;
import org.junit.jupiter.api.Test;

class SessionDescriptionTest {
    /** As sent by cameras: no origin, LF alone, stray line, no last line end, upper case, spaces after semicolons. */
    private static final String ODD = "v=0\ns=Media Server\nnonsense\nc=IN IP4 0.0.0.0\na=control:*\n"
            + "m=video 0 RTP/AVP 96\na=rtpmap:96 h264/90000\n"
            + "a=fmtp:96 profile-level-id=4D001F; packetization-mode=1; sprop-parameter-sets=Z00AH5WoFAFugICA,aO48gA==\n"
            + "a=control:trackID=1\nm=audio 0 RTP/AVP 0\na=control:trackID=2";

    @Test
    void whatCamerasSendIsRead() {
        SessionDescription sdp = SessionDescription.parse(ODD);
        assertThat(sdp.origin()).isEmpty();
        assertThat(sdp.media()).hasSize(2);
        SessionDescription.Media video = sdp.media().getFirst();
        assertThat(video.attribute("control")).contains("trackID=1");
        assertThat(TrackFormat.of(video, 96).orElseThrow()).isInstanceOfSatisfying(TrackFormat.H264.class, h264 -> {
            assertThat(h264.complete()).isTrue();
            assertThat(h264.rfc6381()).isEqualTo("avc1.4d001f");
            assertThat(h264.size()).contains(new VideoSize(1280, 720));
        });
        assertThat(TrackFormat.of(sdp.media().getLast(), 0)).contains(new TrackFormat.G711(TrackFormat.G711.Law.MU));
    }

    @Test
    void whatIsWrittenIsReadAlike() {
        SessionDescription sdp = SessionDescription.parse(ODD);
        SessionDescription again = SessionDescription.parse(sdp.write());
        assertThat(again.media()).isEqualTo(sdp.media());
        assertThat(again.attributes()).isEqualTo(sdp.attributes());
        assertThat(sdp.write()).endsWith("\r\n").startsWith("v=0\r\no=");
    }

    @Test
    void formatsComeFromWhatFfmpegDescribes() {
        assertThat(format("h265")).isInstanceOfSatisfying(TrackFormat.H265.class, h265 -> {
            assertThat(h265.size()).contains(new VideoSize(320, 180));
            assertThat(h265.rfc6381()).isEqualTo("hvc1.1.6.L60.90");
        });
        assertThat(format("aac")).isInstanceOfSatisfying(TrackFormat.Aac.class, aac -> {
            assertThat(List.of(aac.clockRate(), aac.channels())).containsExactly(48_000, 2);
            assertThat(aac.rfc6381()).isEqualTo("mp4a.40.2");
        });
        assertThat(format("opus")).isEqualTo(new TrackFormat.Opus(1));
        assertThat(format("pcma")).isEqualTo(new TrackFormat.G711(TrackFormat.G711.Law.A));
    }

    @Test
    void boundsAreKeptAndFaultsSayWhatToDo() {
        for (String bad : List.of(
                "",
                "s=x\n",
                "v=0\nm=video\n",
                "v=0\nm=video 99999 RTP/AVP 96\n",
                "v=0\n" + "m=video 0 RTP/AVP 96\n".repeat(SessionDescription.MAX_MEDIA + 1),
                "v=0\n" + "a=x\n".repeat(SessionDescription.MAX_ATTRIBUTES + 1),
                "v=0\n" + "a".repeat(SessionDescription.MAX_CHARS))) {
            assertThatThrownBy(() -> SessionDescription.parse(bad))
                    .isInstanceOfSatisfying(
                            BadRequest.class, e -> assertThat(e.remedy()).contains("RFC 8866"));
        }
        assertThatThrownBy(() -> new SessionDescription("a\r\nb", "", "", List.of(), List.of()).write())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void brokenTextIsReadOrRefusedAndNothingElse() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(ODD);
            for (int k = 0; k < 1 + random.nextInt(6); k++) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            try {
                SessionDescription.parse(text.toString())
                        .media()
                        .forEach(media -> media.payloadTypes().forEach(type -> TrackFormat.of(media, type)));
            } catch (BadRequest refused) {
                assertThat(refused.code()).isEqualTo("session-description");
            }
        }
    }

    private static TrackFormat format(String name) {
        return Recorded.of(name).format();
    }
}
