package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.conurb.media.PacketRing;
import org.conurb.media.TrackFormat;
import org.junit.jupiter.api.Test;

class StreamIngestTest {
    private final PacketRing ring = new PacketRing(1 << 17);
    private final StreamIngest ingest = new StreamIngest(
            ring,
            List.of(new TrackFormat.H264(List.of(), List.of())),
            List.of(96),
            Optional.empty(),
            2_000_000_000L,
            0);
    private int sequence;

    private void pictures(int... shownAt) {
        for (int at : shownAt) {
            packet(sequence++, at * 3600);
        }
    }

    private void packet(int number, int timestamp) {
        ByteBuffer rtp = ByteBuffer.allocate(60)
                .put(0, (byte) 0x80)
                .put(1, (byte) (0x80 | 96))
                .putShort(2, (short) number)
                .putInt(4, timestamp)
                .put(12, (byte) 0x41);
        ingest.packet(0, number * 1_000_000L, rtp);
    }

    @Test
    void picturesInTheOrderOfShowingDoNotReorder() {
        pictures(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

        assertThat(ingest.reorders()).isFalse();
    }

    @Test
    void bFramesAreSeenWithinAFewPictures() {
        pictures(0, 3, 1, 2, 6, 4, 5, 9, 7, 8);

        assertThat(ingest.reorders()).isTrue();
    }

    @Test
    void aClockThatJumpsBackAndLostPacketsAreNoBFrames() {
        for (int i = 0; i < 5; i++) {
            pictures(100_000, 100_001, 1, 2);
            sequence += 7;
            pictures(1);
        }

        assertThat(ingest.reorders()).isFalse();
    }
}
