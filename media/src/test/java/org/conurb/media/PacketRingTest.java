package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacketRingTest {
    private final PacketRing ring = new PacketRing(128 << 10);
    private final ByteBuffer into = ByteBuffer.allocate(PacketRing.MAX_PACKET_BYTES);

    @Test
    void aReaderTakesWhatWasAppendedInOrderWithAllThatIsKnownOfIt() {
        PacketRing.Reader reader = ring.reader(ring.next());
        assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.EMPTY);
        ring.append(3, 77, PacketRing.KEY_START, bytes(5, 100));
        ring.append(4, 78, PacketRing.CONTROL, bytes(6, 33));
        assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.TAKEN);
        assertThat(into).isEqualTo(bytes(5, 100));
        assertThat(List.of(reader.track(), reader.flags())).containsExactly(3, PacketRing.KEY_START);
        assertThat(reader.arrivalNanos()).isEqualTo(77);
        assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.TAKEN);
        assertThat(into).isEqualTo(bytes(6, 33));
        assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.EMPTY);
        assertThat(reader.position()).isEqualTo(ring.next());
    }

    @Test
    void aSlowReaderSeesTheOverrunAndGoesOnAtTheNewestKeyFrame() {
        PacketRing.Reader reader = ring.reader(0);
        for (int i = 0; i < 300; i++) {
            ring.append(0, i, i % 50 == 0 ? PacketRing.KEY_START : 0, bytes(i, 1_000));
        }
        assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.OVERRUN);
        assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.TAKEN);
        assertThat(reader.keyStart()).isTrue();
        assertThat(reader.arrivalNanos()).isEqualTo(250);
        assertThat(reader.sequence()).isEqualTo(ring.newestKeyStart());
    }

    @Test
    void aKeyFrameThatWasOverwrittenIsNoLongerOffered() {
        assertThat(ring.newestKeyStart()).isEqualTo(-1);
        long key = ring.append(0, 0, PacketRing.KEY_START, bytes(1, 10));
        assertThat(ring.newestKeyStart()).isEqualTo(key);
        for (int i = 0; i < 140; i++) {
            ring.append(0, i, 0, bytes(i, 1_000));
        }
        assertThat(ring.newestKeyStart()).isEqualTo(-1);
    }

    @Test
    void sizesAtTheEdgesOfTheRingPass() {
        PacketRing.Reader reader = ring.reader(0);
        for (int length : new int[] {1, PacketRing.MAX_PACKET_BYTES, 7, 8, 9, PacketRing.MAX_PACKET_BYTES, 65_000, 1}) {
            ring.append(0, 0, 0, bytes(length, length));
            assertThat(reader.take(into)).isEqualTo(PacketRing.Taken.TAKEN);
            assertThat(into).isEqualTo(bytes(length, length));
        }
        assertThatThrownBy(() -> ring.append(0, 0, 0, ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.append(0, 0, 0, ByteBuffer.allocate(PacketRing.MAX_PACKET_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Each packet's bytes follow from its number, so that a torn one is seen; readers of three speeds race one writer. */
    @Test
    void readersOnOtherThreadsNeverSeeATornOrUnorderedPacket() throws Exception {
        int packets = 400_000;
        List<Future<long[]>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int pace : new int[] {0, 200, 20_000}) {
                results.add(threads.submit(reading(packets, pace)));
            }
            threads.submit(() -> {
                Random random = new Random(7);
                ByteBuffer packet = ByteBuffer.allocateDirect(2_000);
                for (int i = 1; i <= packets; i++) {
                    fill(packet, i, 8 + random.nextInt(1_400));
                    ring.append(i & 0xFF, i, i % 100 == 0 || i == packets ? PacketRing.KEY_START : 0, packet);
                }
            });
            long overruns = 0;
            for (Future<long[]> result : results) {
                long[] taken = result.get(60, TimeUnit.SECONDS);
                assertThat(taken[0]).as("packets taken").isPositive();
                overruns += taken[1];
            }
            assertThat(overruns)
                    .as("the slow readers were overrun: the race was run")
                    .isPositive();
        }
    }

    private Callable<long[]> reading(int packets, int pace) {
        return () -> {
            PacketRing.Reader reader = ring.reader(0);
            ByteBuffer copy = ByteBuffer.allocateDirect(2_000);
            long taken = 0;
            long overruns = 0;
            long last = 0;
            while (last < packets) {
                switch (reader.take(copy)) {
                    case EMPTY -> Thread.onSpinWait();
                    case OVERRUN -> overruns++;
                    case TAKEN -> {
                        long number = copy.getLong(0);
                        assertThat(number).isGreaterThan(last).isEqualTo(reader.arrivalNanos());
                        for (int i = 8; i < copy.limit(); i++) {
                            if (copy.get(i) != (byte) (number * 31 + i)) {
                                throw new AssertionError("Packet %d is torn at byte %d".formatted(number, i));
                            }
                        }
                        last = number;
                        taken++;
                        for (int i = 0; i < pace; i++) {
                            Thread.onSpinWait();
                        }
                    }
                }
            }
            return new long[] {taken, overruns};
        };
    }

    private static void fill(ByteBuffer packet, long number, int length) {
        packet.clear().limit(length);
        packet.putLong(0, number);
        for (int i = 8; i < length; i++) {
            packet.put(i, (byte) (number * 31 + i));
        }
    }

    private static ByteBuffer bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
