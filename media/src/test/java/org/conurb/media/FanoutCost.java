package org.conurb.media;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What one packet to one listener costs the worker's thread, kernel and loopback delivery included: one source of 50
 * packets/s of 80 octets (speech, by an {@link Audience}) or 400 packets/s of 1,100 (video, by a {@link RingFanout}) to N
 * sessions on one worker. Arguments: sessions, payload octets, packets/s, seconds, batches, profile.
 */
final class FanoutCost {
    private static final int SPEECH = 400;

    private FanoutCost() {}

    private interface Source {
        void packet(ByteBuffer rtp);
    }

    public static void main(String[] arguments) throws Exception {
        int sessions = Integer.parseInt(arguments[0]);
        int payload = Integer.parseInt(arguments[1]);
        int rate = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        boolean batches = Boolean.parseBoolean(arguments[4]);
        SrtpProfile profile = SrtpProfile.valueOf(arguments[5]);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        PacketRing ring = new PacketRing(1 << 20);
        RingFanout fanout = new RingFanout();
        fanout.follow(ring);
        Audience audience = new Fanout(System::nanoTime).audience();
        Source source = payload < SPEECH
                ? packet -> audience.forward(packet, System.nanoTime())
                : packet -> {
                    ring.append(0, System.nanoTime(), PacketRing.KEY_START, packet);
                    fanout.wake();
                };
        List<TestPeer> peers = new ArrayList<>();
        try (MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
                loopback, List.of(loopback), 0, -1, 1, sessions, true, batches, Clock.systemUTC(), System::nanoTime))) {
            long began = System.nanoTime();
            for (int i = 0; i < sessions; i++) {
                MediaSession session = workers.open(
                        TestPeer.offer("recvonly"),
                        List.of(TrackWish.send("video", RtpCodec.h264("42e01f"))),
                        new MediaListener() {});
                peers.add(new TestPeer(session, profile).connect());
                fanout.add(session, Map.of(0, session.tracks().getFirst()));
                audience.add(session.tracks().getFirst());
            }
            System.out.printf("%d sessions connected in %d ms%n", sessions, (System.nanoTime() - began) / 1_000_000);
            int sequence = run(source, payload, rate, 4, 0);
            MediaWorkers.Figures before = workers.figures();
            long cpu = workerCpuNanos();
            long allocated = workerAllocatedBytes();
            run(source, payload, rate, seconds, sequence);
            MediaWorkers.Figures after = workers.figures();
            long packets = after.sent() - before.sent();
            System.out.printf(
                    "%s batches=%s payload=%d: %d packets, dropped %d, %.2f us CPU and %.1f bytes allocated per packet%n",
                    profile,
                    batches,
                    payload,
                    packets,
                    after.dropped() - before.dropped(),
                    (workerCpuNanos() - cpu) / 1000.0 / packets,
                    (workerAllocatedBytes() - allocated) / (double) packets);
        }
        peers.forEach(TestPeer::close);
    }

    private static int run(Source source, int payload, int rate, int seconds, int from) {
        long start = System.nanoTime();
        for (int i = 0; i < rate * seconds; i++) {
            byte[] packet = Arrays.copyOf(TestPeer.rtp(33, from + i & 0xffff, 1), 12 + payload);
            Bytes.put32(packet, 4, (from + i) * (48_000 / rate));
            source.packet(ByteBuffer.wrap(packet));
            while (System.nanoTime() < start + (i + 1) * 1_000_000_000L / rate) {
                LockSupport.parkNanos(200_000);
            }
        }
        return from + rate * seconds;
    }

    private static long workerCpuNanos() {
        return mediaThread()
                .map(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread))
                .orElse(0L);
    }

    private static long workerAllocatedBytes() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return mediaThread().map(threads::getThreadAllocatedBytes).orElse(0L);
    }

    private static java.util.Optional<Long> mediaThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("media-"))
                .map(Thread::threadId)
                .findFirst();
    }
}
