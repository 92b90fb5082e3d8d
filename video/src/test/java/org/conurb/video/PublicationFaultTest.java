package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.conurb.media.TrackFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phones that publish, are lost, and are taken over from, without a network. */
class PublicationFaultTest {
    @TempDir
    Path folder;

    private final CameraSource source = new CameraSource(
            new CameraId(UUID.randomUUID()),
            Studio.POLICE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            CameraSource.Transport.AUTO,
            true);
    private final AtomicInteger over = new AtomicInteger();
    private Studio studio;

    @BeforeEach
    void open() {
        Studio.needs("ffprobe");
        studio = new Studio(folder);
        studio.streams.want(source);
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private FakePhone phone(int ssrc) {
        List<TrackFormat> formats = List.of(new TrackFormat.H264(List.of(), List.of()));
        return new FakePhone(
                studio.streams.publish(source.id(), formats, over::incrementAndGet),
                ssrc,
                studio.disk.wall().nanos());
    }

    /** Counts must tell, so what was sent is written before more comes than a ring holds. */
    private void written(long fragments) {
        Studio.until(Duration.ofSeconds(10), () -> studio.fragments(source) >= fragments);
    }

    /** Seconds of pictures, each sent when those before it are on disk. */
    private void send(FakePhone phone, int seconds, int before) {
        for (int second = 0; second < seconds; second++) {
            phone.send(25);
            written(before + second);
        }
    }

    @Test
    void everyFrameIsOnDiskAndPlayable() {
        FakePhone phone = phone(7);
        send(phone, 6, 0);
        assertThat(studio.status(source).state()).isEqualTo(CameraStatus.State.RECORDING);
        phone.to.end(GapReason.SWITCHED_OFF);
        assertThat(studio.status(source).state()).isEqualTo(CameraStatus.State.OFF);
        written(6);

        assertThat(studio.frames(source)).isEqualTo(150);
        assertThat(studio.gaps(source)).isEmpty();
    }

    @Test
    void aPhoneThatIsSilentIsToldAndGoesOnByItself() {
        FakePhone phone = phone(7);
        send(phone, 2, 0);
        phone.rest(6);
        assertThat(studio.status(source).state()).isEqualTo(CameraStatus.State.STALLED);
        assertThat(studio.status(source).reason()).contains("no packet");
        send(phone, 3, 2);
        assertThat(studio.status(source).state()).isEqualTo(CameraStatus.State.RECORDING);
        phone.to.end(GapReason.SWITCHED_OFF);
        written(5);

        assertThat(studio.frames(source)).isEqualTo(125);
        assertThat(studio.gaps(source)).containsExactly(GapReason.SILENT);
        assertThat(studio.fragments(source))
                .as("none is cut short after the silence")
                .isEqualTo(5);
    }

    @Test
    void aPhoneThatWasLostLeavesAGapThatSaysSo() {
        FakePhone lost = phone(7);
        send(lost, 2, 0);
        lost.rest(6);
        lost.to.end(GapReason.UNREACHABLE);
        FakePhone back = phone(8);
        back.nanos = lost.nanos + 4_000_000_000L;
        send(back, 2, 2);
        back.to.end(GapReason.SWITCHED_OFF);
        written(4);

        assertThat(studio.gaps(source)).containsExactly(GapReason.UNREACHABLE);
    }

    @Test
    void anotherPhoneTakesThePlaceOfTheFirstWhoseLateEndHarmsNothing() {
        FakePhone first = phone(7);
        send(first, 2, 0);
        FakePhone second = phone(8);
        second.nanos = first.nanos;
        assertThat(over).hasValue(1);
        send(second, 1, 2);
        first.send(5);
        first.to.end(GapReason.SWITCHED_OFF);
        assertThat(studio.status(source).state()).isEqualTo(CameraStatus.State.RECORDING);
        send(second, 2, 3);
        second.to.end(GapReason.SWITCHED_OFF);
        written(5);

        assertThat(studio.frames(source))
                .as("all of both, but what the first sent late")
                .isBetween(125, 130);
        assertThat(studio.gaps(source)).isEmpty();
    }

    @Test
    void whoseCameraIsNotWantedAnyMoreIsToldAndWhatCameIsWritten() {
        FakePhone phone = phone(7);
        send(phone, 2, 0);
        phone.send(10);
        studio.streams.unwant(source.id());
        assertThat(over).hasValue(1);
        Studio.until(
                Duration.ofSeconds(20),
                () -> studio.lines(source).stream()
                                .filter(line -> !line.isGap())
                                .count()
                        == 3);
        phone.send(10);
        phone.to.end(GapReason.SWITCHED_OFF);

        assertThat(studio.frames(source)).isEqualTo(60);
    }
}
