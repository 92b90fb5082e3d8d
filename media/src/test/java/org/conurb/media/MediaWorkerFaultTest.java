package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers that fail as a whole, or in one session, while people talk by them. */
class MediaWorkerFaultTest {
    private static final int MOST_PACKETS = 1_000;
    private static final List<TrackWish> VOICE =
            List.of(new TrackWish("audio", TrackWish.Flow.BOTH, List.of(RtpCodec.opus())));

    private final AtomicReference<@Nullable String> planted = new AtomicReference<>();
    private final Map<MediaWorker, Audience> audiences = new ConcurrentHashMap<>();
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();
    private final List<TestPeer> peers = new ArrayList<>();
    private final Fanout fanout = new Fanout(System::nanoTime);
    private @Nullable MediaWorkers workers;

    private MediaWorkers workers(int count, boolean batches) {
        MediaWorkers started = MediaWorkers.start(new MediaWorkers.Settings(
                InetAddress.getLoopbackAddress(),
                List.of(InetAddress.getLoopbackAddress()),
                0,
                0,
                count,
                8,
                true,
                batches,
                Clock.systemUTC(),
                this::nanos));
        workers = started;
        return started;
    }

    /** The loop asks for the time in each turn: where a thread's name is planted, that ends in a defect of the loop, once. */
    private long nanos() {
        MediaWorkers all = workers;
        if (all != null
                && Thread.currentThread().getName().equals(planted.get())
                && all.figures().restarts() == 0) {
            throw new StackOverflowError("planted");
        }
        return System.nanoTime();
    }

    @AfterEach
    void stop() {
        peers.forEach(TestPeer::close);
        if (workers != null) {
            workers.close();
        }
    }

    private record Line(TestPeer peer, MediaSession session) {}

    private Line line(MediaWorkers on, MediaListener listener) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        MediaSession session = on.open(TestPeer.offer("sendrecv"), VOICE, new MediaListener() {
            @Override
            public void connected(MediaSession media) {
                connected.countDown();
            }

            @Override
            public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                listener.rtp(track, rtp, arrivalNanos);
            }

            @Override
            public void closed(MediaSession media, String reason) {
                ends.add(reason);
            }
        });
        TestPeer peer = new TestPeer(session);
        peers.add(peer);
        peer.connect();
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        return new Line(peer, session);
    }

    private Line line(MediaWorkers on) throws Exception {
        return line(on, new MediaListener() {
            @Override
            public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                audience(track.session().worker).forward(rtp, arrivalNanos);
            }
        });
    }

    private Audience audience(MediaWorker worker) {
        return audiences.computeIfAbsent(worker, none -> fanout.audience());
    }

    /** Two who are on one worker: one talks, one hears. */
    private final class Pair {
        private final Line talker;
        private final Line listener;
        private int next = 1;

        Pair(List<Line> both) {
            talker = both.get(0);
            listener = both.get(1);
            audience(listener.session().worker).add(listener.session().tracks().getFirst());
        }

        MediaWorker worker() {
            return talker.session().worker;
        }

        /** Says one word. @return the packet that is heard meanwhile; null for none */
        byte @Nullable [] say() throws IOException {
            talker.peer().send(talker.peer().protectedRtp(111, next++, 5));
            try {
                while (true) {
                    byte[] packet = listener.peer().receive(20);
                    if ((packet[0] & 0xc0) == 0x80 && !RtpHeader.isRtcp(packet)) {
                        int length = listener.peer().incoming.openRtp(packet, packet.length, 12, Bytes.u16(packet, 2));
                        return length < 0 ? null : packet;
                    }
                }
            } catch (SocketTimeoutException silence) {
                return null;
            }
        }

        byte[] sayUntilHeard() throws IOException {
            for (int i = 0; i < MOST_PACKETS; i++) {
                byte[] heard = say();
                if (heard != null) {
                    return heard;
                }
            }
            throw new AssertionError("nothing is heard any more");
        }
    }

    private static int word(byte[] packet) {
        return packet[12] & 0xff;
    }

    private List<Pair> pairs(MediaWorkers on) throws Exception {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            lines.add(line(on));
        }
        return lines.stream()
                .map(line -> line.session().worker)
                .distinct()
                .map(worker -> new Pair(lines.stream()
                        .filter(line -> line.session().worker == worker)
                        .toList()))
                .toList();
    }

    private enum Fault {
        SOCKET_CLOSED,
        DEFECT_OF_THE_LOOP
    }

    private void provoke(Fault fault, MediaWorker worker) throws IOException {
        switch (fault) {
            case SOCKET_CLOSED -> worker.port.channel.close();
            case DEFECT_OF_THE_LOOP -> planted.set("media-" + worker.udpPort());
        }
    }

    @ParameterizedTest
    @CsvSource({"SOCKET_CLOSED, true", "SOCKET_CLOSED, false", "DEFECT_OF_THE_LOOP, true"})
    void whoTalksByAWorkerThatFailsIsHeardAgainAndOthersNeverStop(Fault fault, boolean batches) throws Exception {
        MediaWorkers all = workers(2, batches);
        List<Integer> ports = all.udpPorts();
        List<Pair> pairs = pairs(all);
        assertThat(pairs).hasSize(2);
        Pair struck = pairs.get(0);
        Pair spared = pairs.get(1);
        byte[] before = struck.sayUntilHeard();
        assertThat(all.health().read().state()).isEqualTo(Health.State.OK);

        AtomicBoolean over = new AtomicBoolean();
        List<byte[]> heardByOthers = new ArrayList<>();
        Thread others = Thread.ofPlatform().start(() -> {
            try {
                while (!over.get()) {
                    heardByOthers.add(spared.sayUntilHeard());
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        provoke(fault, struck.worker());
        Eventually.isTrue("a worker started again", () -> all.figures().restarts() == 1);
        byte[] after = struck.sayUntilHeard();
        byte[] last = struck.sayUntilHeard();
        over.set(true);
        others.join();

        assertThat(Bytes.u16(after, 2) - Bytes.u16(before, 2))
                .as("sequence goes on by what was said")
                .isEqualTo(word(after) - word(before));
        assertThat(Bytes.u16(last, 2)).isGreaterThan(Bytes.u16(after, 2));
        assertThat(Bytes.i32(after, 8)).as("the same source").isEqualTo(Bytes.i32(before, 8));
        for (int i = 1; i < heardByOthers.size(); i++) {
            assertThat(Bytes.u16(heardByOthers.get(i), 2)).isEqualTo(Bytes.u16(heardByOthers.get(i - 1), 2) + 1);
        }
        assertThat(heardByOthers).hasSize(spared.next - 1);
        assertThat(all.udpPorts()).isEqualTo(ports);
        assertThat(ends).isEmpty();
        assertThat(all.figures().sessions()).isEqualTo(4);
        Health.Reading reading = all.health().read();
        assertThat(reading.state()).isEqualTo(Health.State.WARNING);
        assertThat(reading.detail()).contains(String.valueOf(struck.worker().udpPort()));
    }

    @ParameterizedTest
    @EnumSource
    void connectionsGoOnWithTheirWorkerAndNewOnesAreTaken(Fault fault) throws Exception {
        MediaWorkers all = workers(1, true);
        Line line = line(all);
        try (Socket old = new Socket(InetAddress.getLoopbackAddress(), all.tcpPort())) {
            assertThat(checked(old, line.peer())).isEqualTo(StunMessage.BINDING_SUCCESS);
            provoke(fault, line.session().worker);
            Eventually.isTrue("the worker started again", () -> all.figures().restarts() == 1);
            assertThat(checked(old, line.peer())).isEqualTo(StunMessage.BINDING_SUCCESS);
            try (Socket another = new Socket(InetAddress.getLoopbackAddress(), all.tcpPort())) {
                assertThat(checked(another, line.peer())).isEqualTo(StunMessage.BINDING_SUCCESS);
            }
        }
    }

    /** The type of what answers a check. */
    private static int checked(Socket socket, TestPeer peer) throws IOException {
        socket.setSoTimeout(10_000);
        byte[] check = peer.checkRequest();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(check.length);
        out.write(check);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            byte[] packet = in.readNBytes(in.readUnsignedShort());
            if ((packet[0] & 0xc0) == 0) {
                return Bytes.u16(packet, 0);
            }
        }
    }

    @Test
    void aSessionWhoseHandlingFailsAgainAndAgainIsClosedAndNoOther() throws Exception {
        MediaWorkers all = workers(1, true);
        Pair well = new Pair(List.of(line(all), line(all)));
        Line ill = line(all, new MediaListener() {
            @Override
            public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                throw new AssertionError("planted");
            }
        });
        byte[] before = well.sayUntilHeard();
        for (int i = 1; i <= 30; i++) {
            ill.peer().send(ill.peer().protectedRtp(111, i, 5));
        }
        Eventually.isTrue("the end of one", () -> ends.size() == 1);
        assertThat(ends).containsExactly("defects");
        assertThat(ill.session().isClosed()).isTrue();
        assertThat(Bytes.u16(well.sayUntilHeard(), 2)).isEqualTo(Bytes.u16(before, 2) + 1);
        assertThat(all.figures().restarts()).isZero();
        assertThat(all.figures().sessions()).isEqualTo(2);
    }
}
