package org.conurb.video;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Cameras that say without end what means nothing are left after little of it, and the one beside them loses nothing. */
@Execution(ExecutionMode.CONCURRENT)
class HostileCameraFaultTest {
    /** What lies in socket buffers of both sides, and a turn of the loop. */
    private static final long MOST_BYTES = 12L << 20;

    @TempDir
    Path folder;

    private static final class Counted extends OutputStream {
        private final OutputStream out;
        private final AtomicLong bytes;

        Counted(OutputStream out, AtomicLong bytes) {
            this.out = out;
            this.bytes = bytes;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            bytes.incrementAndGet();
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
            bytes.addAndGet(length);
        }
    }

    /** Says the same for ever, after something else. */
    private static FakeCamera.Flood endless(String first, String again) {
        return out -> {
            out.write(first.getBytes(US_ASCII));
            byte[] more = again.repeat(200).getBytes(US_ASCII);
            while (true) {
                out.write(more);
            }
        };
    }

    private static FakeCamera.Flood once(String text) {
        return out -> {
            out.write(text.getBytes(US_ASCII));
            while (true) {
                out.write(' '); // until nobody reads
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        };
    }

    private static byte[] interleaved(int channel, int said, byte[] rest) {
        return ByteBuffer.allocate(4 + rest.length)
                .put((byte) '$')
                .put((byte) channel)
                .putShort((short) said)
                .put(rest)
                .array();
    }

    /** Lengths that promise more than comes, channels that nobody agreed to, and no packet ever whole. */
    private static void wrongLengths(OutputStream out) throws IOException {
        byte[] noPacket = new byte[700];
        java.util.Arrays.fill(noPacket, (byte) 0x41);
        while (true) {
            out.write(interleaved(0, 0xFFFF, noPacket));
            out.write(interleaved(250, 0, noPacket));
            out.write(interleaved(1, 3, noPacket));
        }
    }

    @Test
    void whatNeverEndsIsLeftAfterLittleOfIt() {
        String ok = "RTSP/1.0 200 OK\r\nCSeq: 2\r\n";
        leaves("DESCRIBE", endless(ok, "X: yyyyyyyy\r\n"), "a header without an end");
        leaves("DESCRIBE", endless(ok + "X: ", "z"), "a header without an end");
        leaves("DESCRIBE", once(ok + "Content-Length: 4294967295\r\n\r\n"), "a body of impossible length");
        leaves(
                "DESCRIBE",
                endless(ok + "Content-Length: 49152\r\n\r\nv=0\r\n", "m=video 0 RTP/AVP 96\r\n"),
                "in a way that cannot be read");
        leaves("DESCRIBE", endless("", "\u0001\u0002\u0003"), "what is neither RTSP nor RTP");
        leaves("DESCRIBE", endless("", "OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n"), "closed the connection");
    }

    @Test
    void packetsWhoseLengthsAreLiesAreLeftToo() {
        leaves("PLAY", HostileCameraFaultTest::wrongLengths, "what is neither RTSP nor RTP");
    }

    /** The answer stops in its middle: the camera is given up after ten seconds. */
    @Test
    void aDescriptionThatNeverComesToItsEndIsNotWaitedFor() {
        leaves(
                "DESCRIBE",
                once("RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 40000\r\n\r\nv=0\r\ns=x\r\n"),
                "does not answer");
    }

    private void leaves(String at, FakeCamera.Flood flood, String reason) {
        AtomicLong bytes = new AtomicLong();
        try (FakeCamera hostile = new FakeCamera(Studio.clip(), 25);
                FakeCamera good = new FakeCamera(Studio.clip(), 25);
                Studio studio = new Studio(folder)) {
            CameraSource watched = studio.wanted(good);
            studio.untilFragments(watched, 1);
            hostile.floodAt = at;
            hostile.flood = out -> flood.to(new Counted(out, bytes));
            CameraSource bad = studio.wanted(hostile);
            Studio.until(
                    Duration.ofSeconds(20),
                    () -> hostile.refused.get() > 0
                            && !studio.status(bad).reason().isEmpty());

            assertThat(studio.status(bad).reason()).contains(reason);
            assertThat(bytes.get() / Math.max(1, hostile.connections.get())).isLessThan(MOST_BYTES);
            assertThat(studio.fragments(bad)).isZero();
            studio.untilFragments(watched, 1);
            good.silent = true;
            Studio.pass(Duration.ofMillis(300));
            studio.streams.close();
            assertThat(studio.frames(watched)).isEqualTo(good.sent.get());
            assertThat(studio.gaps(watched)).isEmpty();
        }
    }
}
