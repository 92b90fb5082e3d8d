package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepacketizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"h264", "h264-b-frames", "h264-slices", "h265", "h265-in-band"})
    void everyFrameOfARecordingComesOutWholeAndEverySecondBeginsWithAKeyFrame(String name) {
        Frames frames = Recorded.of(name).frames();
        assertThat(frames.all).hasSize(75).noneMatch(Frames.Frame::damaged);
        assertThat(frames.all.stream().filter(Frames.Frame::key)).hasSize(3);
        assertThat(frames.all.getFirst().key()).isTrue();
        assertThat(frames.format().complete()).isTrue();
        for (Frames.Frame frame : frames.all) {
            assertThat(sumOfUnits(frame.sample())).isEqualTo(frame.sample().length);
        }
    }

    @Test
    void slicesOfOnePictureAreOneFrameWithoutDelimiters() {
        Frames.Frame frame = Recorded.of("h264-slices").frames().all.get(1);
        List<Integer> types = new ArrayList<>();
        ByteBuffer sample = ByteBuffer.wrap(frame.sample());
        while (sample.hasRemaining()) {
            int length = sample.getInt();
            types.add(sample.get(sample.position()) & 0x1F);
            sample.position(sample.position() + length);
        }
        assertThat(types).containsExactly(1, 1, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aac", "opus", "pcmu", "pcma"})
    void soundComesOutWithoutHoles(String name) {
        Recorded recorded = Recorded.of(name);
        Frames frames = recorded.frames();
        long span = frames.all.getLast().time() - frames.all.getFirst().time();
        assertThat(span / (double) recorded.format().clockRate()).isBetween(1.8, 2.2);
        Set<Long> steps = new HashSet<>();
        for (int i = 1; i < frames.all.size(); i++) {
            steps.add(frames.all.get(i).time() - frames.all.get(i - 1).time());
        }
        assertThat(steps).allMatch(step -> step > 0 && step <= recorded.format().clockRate() / 4);
        if ("aac".equals(name)) {
            assertThat(steps).containsExactly(1024L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264", "h264-slices", "h265"})
    void aLostPacketDamagesOrTakesAwayItsFrameAndLeavesTheOthersAsTheyWere(String name) {
        Recorded recorded = Recorded.of(name);
        List<Frames.Frame> whole = recorded.frames().all;
        int bad = 0;
        for (int lost = 1; lost < recorded.packets().size(); lost++) {
            List<ByteBuffer> rest = new ArrayList<>(recorded.packets());
            rest.remove(lost);
            Frames frames = Frames.of(recorded.format(), rest);
            Set<Long> damaged = new HashSet<>();
            frames.all.stream().filter(Frames.Frame::damaged).forEach(frame -> damaged.add(frame.time()));
            for (Frames.Frame frame : frames.all) {
                Frames.Frame original = whole.stream()
                        .filter(f -> f.time() == frame.time())
                        .findFirst()
                        .orElseThrow();
                if (!frame.damaged()) {
                    assertThat(frame.sample()).as("packet %d lost", lost).isEqualTo(original.sample());
                }
            }
            int harmed = damaged.size() + whole.size() - frames.all.size();
            assertThat(harmed).as("packet %d lost", lost).isLessThanOrEqualTo(2);
            bad += Math.min(1, harmed);
        }
        assertThat(bad).isGreaterThan(70);
    }

    @Test
    void duplicatesAndLatePacketsChangeNothing() {
        Recorded recorded = Recorded.of("h264");
        List<ByteBuffer> twice = new ArrayList<>();
        for (ByteBuffer packet : recorded.packets()) {
            twice.add(packet);
            twice.add(twice.get(Math.max(0, twice.size() - 3)));
        }
        Frames frames = Frames.of(recorded.format(), twice);
        assertThat(frames.all).hasSize(75).noneMatch(Frames.Frame::damaged);
    }

    @Test
    void anotherSourceBeginsTheStreamAnew() {
        Recorded recorded = Recorded.of("h264");
        List<ByteBuffer> both = new ArrayList<>(recorded.packets());
        for (ByteBuffer packet : recorded.packets()) {
            ByteBuffer other = ByteBuffer.allocate(packet.remaining());
            other.put(0, packet, 0, packet.remaining()).putInt(8, 42).putShort(2, (short)
                    (packet.getShort(2) + 20_000));
            both.add(other);
        }
        Frames frames = Frames.of(recorded.format(), both);
        assertThat(frames.restarts).isEqualTo(1);
        assertThat(frames.all).hasSize(150).noneMatch(Frames.Frame::damaged);
    }

    @Test
    void parameterSetsThatChangeInBandAreToldBeforeTheFrameThatNeedsThem() {
        List<ByteBuffer> both = new ArrayList<>(Recorded.of("h264").packets());
        Recorded slices = Recorded.of("h264-slices");
        both.addAll(slices.packets());
        Frames frames = Frames.of(new TrackFormat.H264(List.of(), List.of()), both);
        assertThat(frames.formats).hasSize(2);
        assertThat(frames.formats.getFirst().rfc6381()).startsWith("avc1.4d");
        assertThat(frames.formats.getLast().rfc6381()).startsWith("avc1.42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264", "h264-slices", "h265", "h265-in-band", "aac", "opus"})
    void brokenBytesNeverThrow(String name) {
        Recorded recorded = Recorded.of(name);
        Random random = new Random(name.hashCode());
        for (int round = 0; round < 40; round++) {
            List<ByteBuffer> broken = new ArrayList<>();
            for (ByteBuffer packet : recorded.packets()) {
                ByteBuffer copy = ByteBuffer.allocate(packet.remaining());
                copy.put(0, packet, 0, packet.remaining());
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    copy.put(12 + random.nextInt(Math.min(20, copy.capacity() - 12)), (byte) random.nextInt());
                }
                copy.limit(random.nextInt(4) == 0 ? 12 + random.nextInt(copy.capacity() - 12) : copy.capacity());
                broken.add(copy);
            }
            Frames frames = Frames.of(recorded.format(), broken);
            assertThat(frames.all.size()).isLessThanOrEqualTo(20 * broken.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264", "h264-b-frames", "h264-slices", "h265", "h265-in-band"})
    void keyStartsAreFoundWithoutDepacketising(String name) {
        Recorded recorded = Recorded.of(name);
        KeyStarts starts = KeyStarts.of(recorded.format());
        RtpPacket packet = new RtpPacket();
        Set<Long> times = new HashSet<>();
        for (ByteBuffer bytes : recorded.packets()) {
            assertThat(packet.wrap(bytes)).isTrue();
            if (starts.begins(packet)) {
                assertThat(times.add(packet.timestamp())).isTrue();
            }
        }
        Set<Long> keys = new HashSet<>();
        recorded.frames().all.stream()
                .filter(Frames.Frame::key)
                .forEach(frame -> keys.add(frame.time() & 0xFFFF_FFFFL));
        assertThat(times).isEqualTo(keys);
    }

    private static int sumOfUnits(byte[] sample) {
        int at = 0;
        while (at + 4 <= sample.length) {
            at += 4 + ByteBuffer.wrap(sample).getInt(at);
        }
        return at;
    }
}
