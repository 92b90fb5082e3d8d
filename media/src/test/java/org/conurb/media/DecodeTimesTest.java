package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodeTimesTest {
    @ParameterizedTest
    @ValueSource(strings = {"h264", "h264-b-frames", "h265"})
    void timesOfDecodingGrowEvenlyAndAreNeverAfterPresentation(String name) {
        Frames frames = Recorded.of(name).frames();
        DecodeTimes times = DecodeTimes.of(frames.format());
        List<Long> all = new ArrayList<>();
        boolean reordered = false;
        long before = Long.MIN_VALUE;
        for (Frames.Frame frame : frames.all) {
            long dts = times.next(frame.time());
            assertThat(dts).isLessThanOrEqualTo(frame.time());
            all.add(dts);
            reordered |= frame.time() < before;
            before = frame.time();
        }
        assertThat(reordered).isEqualTo(!"h264".equals(name));
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i) - all.get(i - 1)).isBetween(3_599L, 3_601L);
        }
    }

    @Test
    void anUntoldDepthIsLearntAndTimesStillGrow() {
        DecodeTimes times = new DecodeTimes(-1, 0);
        long[] order = {0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11};
        long last = Long.MIN_VALUE;
        for (int i = 0; i < order.length; i++) {
            long pts = order[i] * 3_600;
            long dts = times.next(pts);
            assertThat(dts).isGreaterThan(last);
            if (i > 6) {
                assertThat(dts).isLessThanOrEqualTo(pts);
            }
            last = dts;
        }
        assertThat(times.depth()).isBetween(1, 3);
    }
}
