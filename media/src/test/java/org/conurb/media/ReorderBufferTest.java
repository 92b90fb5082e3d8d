package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {
    private final ReorderBuffer buffer = new ReorderBuffer(16, 100);
    private final List<Integer> delivered = new ArrayList<>();
    private int lost;

    @Test
    void packetsThatChangedPlacesComeOutInOrderAcrossTheWrap() {
        offer(65_534, 65_535, 1, 0, 3, 4, 2);
        assertThat(delivered).containsExactly(65_534, 65_535, 0, 1, 2, 3, 4);
        assertThat(lost).isZero();
    }

    @Test
    void aHoleIsGivenUpAfterTheDepthAndTold() {
        offer(1);
        offer(IntStream.rangeClosed(3, 18).toArray());
        assertThat(delivered).hasSize(17).startsWith(1, 3).endsWith(18);
        assertThat(lost).isEqualTo(1);
        assertThat(buffer.held()).isZero();
    }

    @Test
    void aHoleIsGivenUpAfterItsTime() {
        offer(1, 3);
        buffer.expire(101, this::take);
        assertThat(delivered).containsExactly(1, 3);
        assertThat(offer(2)).isEqualTo(ReorderBuffer.Outcome.LATE);
    }

    @Test
    void duplicatesAndStrangersAreDropped() {
        offer(1, 3);
        assertThat(offer(3)).isEqualTo(ReorderBuffer.Outcome.LATE);
        assertThat(offer(1)).isEqualTo(ReorderBuffer.Outcome.LATE);
        assertThat(buffer.offer(ByteBuffer.allocate(5), 0, this::take)).isEqualTo(ReorderBuffer.Outcome.NOT_RTP);
        assertThat(offer(40_000)).isEqualTo(ReorderBuffer.Outcome.ON_PROBATION);
        offer(2);
        assertThat(delivered).containsExactly(1, 2, 3);
    }

    @Test
    void aStreamThatRestartedIsTakenFromItsSecondPacket() {
        offer(1, 3, 40_000);
        assertThat(offer(40_001)).isEqualTo(ReorderBuffer.Outcome.STREAM_RESTARTED);
        offer(40_002);
        assertThat(delivered).containsExactly(1, 3, 40_001, 40_002);
    }

    @Test
    void aPacketTooLongToBeKeptEndsTheWaiting() {
        offer(1, 3);
        assertThat(offerLong(5)).isEqualTo(ReorderBuffer.Outcome.DELIVERED);
        assertThat(offerLong(6)).isEqualTo(ReorderBuffer.Outcome.DELIVERED);
        assertThat(offer(4)).isEqualTo(ReorderBuffer.Outcome.LATE);
        assertThat(offer(9)).isEqualTo(ReorderBuffer.Outcome.HELD);
        assertThat(offerLong(8)).isEqualTo(ReorderBuffer.Outcome.LATE);
        assertThat(delivered).containsExactly(1, 3, 5, 6, 9);
        assertThat(lost).isEqualTo(4);
    }

    private ReorderBuffer.Outcome offerLong(int sequence) {
        ByteBuffer packet = ByteBuffer.allocate(5_000).put(0, packet(sequence, 1), 0, 20);
        return buffer.offer(packet, 0, this::take);
    }

    @Test
    void anyShufflingWithinTheDepthIsUndone() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            ReorderBuffer fresh = new ReorderBuffer(16, Long.MAX_VALUE);
            delivered.clear();
            lost = 0;
            int first = random.nextInt(65_536);
            List<Integer> order =
                    new ArrayList<>(IntStream.range(1, 400).boxed().toList());
            for (int i = 0; i + 8 < order.size(); i += 8) {
                java.util.Collections.shuffle(order.subList(i, i + 8), random);
            }
            order.addFirst(0);
            order.forEach(n -> fresh.offer(packet(first + n & 0xFFFF, 1), 0, this::take));
            assertThat(delivered)
                    .isEqualTo(IntStream.range(0, 400)
                            .map(n -> first + n & 0xFFFF)
                            .boxed()
                            .toList());
            assertThat(lost).isZero();
        }
    }

    private ReorderBuffer.Outcome offer(int... sequences) {
        ReorderBuffer.Outcome last = ReorderBuffer.Outcome.NOT_RTP;
        for (int sequence : sequences) {
            last = buffer.offer(packet(sequence, 1), 0, this::take);
        }
        return last;
    }

    private void take(ByteBuffer rtp, long arrivalNanos, int missing) {
        delivered.add(rtp.getShort(rtp.position() + 2) & 0xFFFF);
        lost += missing;
    }

    private static ByteBuffer packet(int sequence, int ssrc) {
        return ByteBuffer.allocate(20)
                .put(0, (byte) 0x80)
                .putShort(2, (short) sequence)
                .putInt(8, ssrc);
    }
}
