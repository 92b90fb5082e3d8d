package org.conurb.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread with one UDP port: the only thread that touches its sessions, their keys and their packets. It
 * turns: work from other threads, packets in, clocks, packets out. A defect while one session is handled is that session's;
 * whatever else goes wrong, also the loss of the socket, costs the socket and the selector: the worker goes on with new ones
 * on the same port, and its sessions as they were.
 */
final class MediaWorker implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(MediaWorker.class);
    private static final int MAX_WORK = 65_536;
    private static final long TICK_NANOS = 100_000_000L;
    private static final long SELECT_MS = 20;
    private static final int WORK_A_TURN = 4096;

    private static final long BEFORE_ANOTHER_TRY_NANOS = 50_000_000L;
    private static final Duration SOON = Duration.ofSeconds(10);

    private final MediaWorkers workers;
    private final int udpPort;
    /** Of the worker's thread, and another one after the socket was lost. */
    UdpPort port;

    private volatile Selector selector;
    private final @Nullable TcpDoor door;
    private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(MAX_WORK);
    private final AtomicBoolean awake = new AtomicBoolean();
    private final PeerTable peers = new PeerTable();
    private final List<MediaSession> sessions = new ArrayList<>();
    private final List<TcpPath> dirty = new ArrayList<>();
    private final StunWriter stun = new StunWriter();
    private final CompoundWriter rtcp = new CompoundWriter();
    private final SrtpScratch srtp = new SrtpScratch();
    private final byte[] out = new byte[SrtpScratch.MAX_PACKET];
    private final ByteBuffer packet = ByteBuffer.allocate(PacketRing.MAX_PACKET_BYTES);
    private ByteBuffer view = ByteBuffer.allocate(0);
    private SelectionKey udpKey;
    private volatile boolean running = true;
    private volatile int load;
    private volatile long sent;
    private volatile long forged;
    private volatile long unsent;
    private volatile long dropped;
    private volatile int restarts;
    private volatile @Nullable Breakdown breakdown;
    private long droppedBefore;
    private long tickedAt;
    private @Nullable Thread thread;

    /**
     * The last time that all of a worker failed.
     *
     * @param isOver whether it turns again
     */
    record Breakdown(Instant at, Throwable cause, boolean isOver) {}

    MediaWorker(MediaWorkers workers, UdpPort port, @Nullable TcpDoor door) throws IOException {
        this.workers = workers;
        this.port = port;
        this.udpPort = port.number();
        this.door = door;
        this.selector = Selector.open();
        this.udpKey = port.channel.register(selector, SelectionKey.OP_READ, this);
        if (door != null) {
            door.register(selector);
        }
        this.tickedAt = nanos();
    }

    int udpPort() {
        return udpPort;
    }

    /** Sessions it has, or will have. */
    int load() {
        return load;
    }

    /** @throws MediaFull where so much work waits that the worker must be stuck or the machine far too small */
    void execute(Runnable task) {
        if (!running) {
            return;
        }
        if (!work.offer(task)) {
            throw new MediaFull("A media worker has %d pieces of work waiting.".formatted(MAX_WORK));
        }
        if (awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    void add(MediaSession session) {
        execute(() -> {
            sessions.add(session);
            load = sessions.size();
        });
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (running) {
            try {
                if (isBroken()) {
                    restart();
                }
                turn();
            } catch (Throwable e) {
                breakDown(e);
            }
        }
        stop();
    }

    private boolean isBroken() {
        Breakdown last = breakdown;
        return last != null && !last.isOver();
    }

    /** Must not fail itself, whatever state the program is in. */
    private void breakDown(Throwable e) {
        try {
            Breakdown last = breakdown;
            Instant now = workers.now();
            boolean soon = last != null && now.isBefore(last.at().plus(SOON));
            Instant began = last == null || last.isOver() ? now : last.at();
            breakdown = new Breakdown(began, e, false);
            if (last == null || last.isOver()) {
                log.atError().setCause(e).addKeyValue("port", udpPort).log("media.worker-failed");
            }
            LockSupport.parkNanos(soon ? 10 * BEFORE_ANOTHER_TRY_NANOS : BEFORE_ANOTHER_TRY_NANOS);
        } catch (Throwable noRoomEvenForThat) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    private void restart() throws IOException {
        Selector fresh = Selector.open();
        Selector old = selector;
        if (old.isOpen()) {
            for (SelectionKey key : old.keys()) {
                if (key.isValid() && key.attachment() != this) {
                    move(key, fresh);
                }
            }
        }
        selector = fresh;
        old.close();
        port.close();
        UdpPort again = workers.openPort(udpPort);
        droppedBefore += port.dropped();
        port = again;
        udpKey = again.channel.register(fresh, SelectionKey.OP_READ, this);
        restarts++;
        Breakdown last = Objects.requireNonNull(breakdown);
        breakdown = new Breakdown(last.at(), last.cause(), true);
    }

    private static void move(SelectionKey key, Selector to) throws IOException {
        SelectionKey moved = key.channel().register(to, key.interestOps(), key.attachment());
        if (key.attachment() instanceof TcpPath path) {
            path.moved(moved);
        }
    }

    /** Empty as long as all of it never failed. */
    Optional<Breakdown> lastBreakdown() {
        return Optional.ofNullable(breakdown);
    }

    private void turn() throws IOException {
        if (work.isEmpty()) {
            selector.select(SELECT_MS);
        } else {
            selector.selectNow();
        }
        awake.set(false);
        for (int i = 0; i < WORK_A_TURN; i++) {
            Runnable task = work.poll();
            if (task == null) {
                break;
            }
            guarded(task);
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ready(key);
        }
        selector.selectedKeys().clear();
        long now = nanos();
        if (now - tickedAt >= TICK_NANOS) {
            tickedAt = now;
            tick(now);
        }
        flush();
    }

    /** Whether this worker's thread asks. */
    boolean isHere() {
        return Thread.currentThread() == thread;
    }

    /** When what is being handled came, by the workers' clock: it may have waited in the system since. */
    long arrival() {
        return nanos() - port.waited();
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.atError().setCause(e).addKeyValue("port", udpPort).log("media.work-failed");
        }
    }

    /** A defect while a session was handled costs it what it was doing, many cost its life; others never. */
    void failed(MediaSession session, Throwable defect) {
        log.atError()
                .setCause(defect)
                .addKeyValue("port", udpPort)
                .addKeyValue("session", session.id())
                .log("media.session-failed");
        if (session.isBeyondRepair()) {
            guarded(() -> session.end("defects"));
        }
    }

    private void ready(SelectionKey key) throws IOException {
        switch (key.attachment()) {
            case MediaWorker self
            when key.isValid() -> {
                if (key.isReadable()) {
                    port.receive(this::datagram);
                }
            }
            case TcpDoor open when key.isValid() -> open.accept(key, nanos());
            case TcpDoor.Nameless connection when key.isValid() -> connection.ready(key);
            case TcpPath path when key.isValid() -> path.ready(key);
            default -> {}
        }
    }

    /** Whatever strangers send, it must not cost more than itself. */
    private void datagram(byte[] packet, int length, PeerAddress from) {
        try {
            if (length > 0 && (packet[0] & 0xfc) == 0) {
                check(packet, length, from);
            } else if (length > 0) {
                UdpPath path = peers.find(from);
                if (path != null) {
                    packet(path.session, packet, length);
                }
            }
        } catch (RuntimeException | Error e) {
            log.atError().setCause(e).addKeyValue("port", udpPort).log("media.packet-failed");
        }
    }

    /** From an address or by a connection of the session. */
    void packet(MediaSession session, byte[] packet, int length) {
        try {
            session.packet(packet, length);
        } catch (RuntimeException | Error e) {
            failed(session, e);
        }
    }

    private void check(byte[] packet, int length, PeerAddress from) {
        StunMessage request = StunMessage.parse(packet, length);
        String fragment = request == null ? null : request.localFragment();
        MediaSession session = fragment == null ? null : workers.session(fragment);
        if (request != null && session != null && session.worker == this) {
            UdpPath known = peers.find(from);
            UdpPath via = known != null && known.session == session ? known : new UdpPath(from, session, port.isSix());
            check(session, request, from, via);
        }
    }

    void check(MediaSession session, StunMessage request, PeerAddress from, MediaPath via) {
        try {
            session.check(request, from, via);
        } catch (RuntimeException | Error e) {
            failed(session, e);
        }
    }

    private void tick(long now) {
        for (int i = sessions.size() - 1; i >= 0; i--) {
            MediaSession session = sessions.get(i);
            try {
                session.tick(now);
            } catch (RuntimeException | Error e) {
                failed(session, e);
            }
        }
        if (door != null) {
            door.tick(selector, now);
        }
    }

    private void flush() {
        for (TcpPath path : dirty) {
            try {
                path.flush();
            } catch (IOException gone) {
                path.close();
            }
        }
        dirty.clear();
        boolean empty = port.flush();
        dropped = droppedBefore + port.dropped();
        if (!udpKey.isValid()) {
            throw new IllegalStateException("The UDP socket is closed.");
        }
        udpKey.interestOps(empty ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    void flushLater(TcpPath path) {
        dirty.add(path);
    }

    /** From the door. */
    void welcome(TcpPath path, MediaSession session) {
        execute(() -> {
            try {
                if (session.isClosed()) {
                    path.close();
                } else {
                    path.join(this, session, selector);
                }
            } catch (IOException gone) {
                session.lost(path);
                path.close();
            }
        });
    }

    void learn(MediaPath path) {
        if (path instanceof UdpPath udp) {
            peers.put(udp);
        }
    }

    void unlearn(MediaPath path) {
        if (path instanceof UdpPath udp) {
            peers.remove(udp);
        }
    }

    void retire(String fragment) {
        workers.retire(fragment);
    }

    void forget(MediaSession session) {
        sessions.remove(session);
        load = sessions.size();
        peers.removeOf(session);
        workers.forget(session);
    }

    private void stop() {
        running = false;
        for (MediaSession session : List.copyOf(sessions)) {
            guarded(() -> session.end("the workers stop"));
        }
        guarded(this::flush);
        try {
            if (door != null) {
                door.close();
            }
            selector.close();
            port.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void shutDown() {
        running = false;
        selector.wakeup();
    }

    // ---- what sessions share

    DtlsRoom dtls() {
        return workers.dtls();
    }

    StunWriter stun() {
        return stun;
    }

    CompoundWriter rtcp() {
        return rtcp;
    }

    SrtpScratch srtp() {
        return srtp;
    }

    /** Where the packet that goes out next is made. */
    byte[] out() {
        return out;
    }

    /** Where a packet out of a ring is copied to; the next one overwrites it. */
    ByteBuffer packet() {
        return packet;
    }

    /** A view for a listener; the next one overwrites it. */
    ByteBuffer view(byte[] bytes, int at, int length) {
        if (view.array() != bytes) {
            view = ByteBuffer.wrap(bytes);
        }
        return view.limit(at + length).position(at);
    }

    long nanos() {
        return workers.nanos();
    }

    Instant now() {
        return workers.now();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    void sent() {
        sent++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    void forged() {
        forged++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
    void unsent() {
        unsent++;
    }

    MediaWorkers.Figures figures() {
        return new MediaWorkers.Figures(load, sent, unsent, dropped, forged, restarts);
    }
}
