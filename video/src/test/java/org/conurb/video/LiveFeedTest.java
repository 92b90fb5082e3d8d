package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.conurb.media.PacketRing;
import org.conurb.media.TrackFormat;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
    private final AtomicReference<LiveStream> source = new AtomicReference<>(stream());
    private final LiveFeed feed = new LiveFeed(() -> Optional.ofNullable(source.get()));
    private int sequence;

    /** Remembers the sequence numbers of what came. */
    private static final class Screen implements LiveFeed.Outlet {
        final List<Integer> got = new ArrayList<>();
        final List<Integer> caughtUpTo = new ArrayList<>();
        int sources;
        boolean broken;

        @Override
        public boolean send(PacketRing ring, long position, ByteBuffer rtp, long arrivalNanos) {
            if (broken) {
                return false;
            }
            ByteBuffer again = ByteBuffer.allocate(PacketRing.MAX_PACKET_BYTES);
            assertThat(ring.reader(position).take(again)).isEqualTo(PacketRing.Taken.TAKEN);
            assertThat(again).as("stands in the ring where it is said to").isEqualTo(rtp);
            got.add(rtp.getShort(rtp.position() + 2) & 0xffff);
            return true;
        }

        @Override
        public void changeSource() {
            sources++;
        }

        @Override
        public void catchUpTo(int liveTimestamp) {
            caughtUpTo.add(liveTimestamp);
        }
    }

    @Test
    void aViewerBeginsWithTheLastKeyFrameAndThenGetsEachPacketOnce() {
        Screen first = join();
        feed.pump();
        packets(true, 3);
        feed.pump();
        packets(true, 4);
        feed.pump();
        Screen second = join();
        feed.pump();
        packets(false, 2);
        feed.pump();

        assertThat(first.got).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(second.got).containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(second.caughtUpTo).containsExactly(6 * 3000);
        assertThat(first.caughtUpTo).isEmpty();
    }

    @Test
    void withoutAKeyFrameAViewerWaitsForOne() {
        packets(false, 5);
        Screen screen = join();
        feed.pump();
        packets(false, 2);
        feed.pump();
        assertThat(screen.got).isEmpty();

        packets(true, 2);
        feed.pump();
        assertThat(screen.got).containsExactly(7, 8);
    }

    @Test
    void whoFellBehindGoesOnAtTheNewestKeyFrame() {
        packets(true, 1);
        Screen screen = join();
        feed.pump();
        for (int i = 0; i < 1000; i++) {
            packets(i % 10 == 0, 1);
        }
        feed.pump();
        feed.pump();

        int last = screen.got.getLast();
        assertThat(last).isEqualTo(1000);
        List<Integer> after = screen.got.subList(1, screen.got.size());
        assertThat((after.getFirst() - 1) % 10).isZero();
        assertThat(after).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aCameraThatComesBackGoesOnWithTheSameViewers() {
        packets(true, 2);
        Screen screen = join();
        feed.pump();
        source.get().ending().end();
        source.set(null);
        feed.pump();
        source.set(stream());
        feed.pump();
        packets(true, 2);
        feed.pump();

        assertThat(screen.sources).isEqualTo(1);
        assertThat(screen.got).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whoLeftGetsNothingMore() {
        Screen screen = new Screen();
        LiveFeed.Viewer viewer = new LiveFeed.Viewer(List.of(screen));
        feed.join(viewer);
        feed.pump();
        feed.leave(viewer);
        packets(true, 2);
        feed.pump();

        assertThat(feed.idle()).isTrue();
        assertThat(screen.got).isEmpty();
    }

    @Test
    void whatCouldNotBeSentIsCountedAndAViewerBeginsWithWhatCan() {
        Screen screen = new Screen();
        LiveFeed.Viewer viewer = new LiveFeed.Viewer(List.of(screen));
        feed.join(viewer);
        feed.pump();
        screen.broken = true;
        packets(true, 1);
        feed.pump();
        assertThat(viewer.unsent()).isPositive();
        long before = viewer.unsent();
        screen.broken = false;
        packets(false, 2);
        feed.pump();

        assertThat(viewer.unsent()).isEqualTo(before);
        assertThat(screen.got).as("from the key frame on").containsExactly(0, 1, 2);
    }

    private Screen join() {
        Screen screen = new Screen();
        feed.join(new LiveFeed.Viewer(List.of(screen)));
        return screen;
    }

    private void packets(boolean key, int count) {
        for (int i = 0; i < count; i++) {
            ByteBuffer rtp = ByteBuffer.allocate(200);
            rtp.put(0, (byte) 0x80)
                    .put(1, (byte) 96)
                    .putShort(2, (short) sequence)
                    .putInt(4, sequence * 3000)
                    .putInt(8, 7);
            source.get().ring().append(0, sequence, key && i == 0 ? PacketRing.KEY_START : 0, rtp);
            sequence++;
        }
    }

    private static LiveStream stream() {
        return new LiveStream(
                new CameraId(new UUID(0, 1)),
                LiveStream.Kind.MAIN,
                new PacketRing(1 << 17),
                List.of(new TrackFormat.H264(List.of(), List.of())),
                new LiveStream.Ending());
    }
}
