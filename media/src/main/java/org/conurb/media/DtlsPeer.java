package org.conurb.media;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The DTLS association of one session. The worker gives datagrams and never waits: they stand in a queue of at most 8,
 * and a virtual thread reads them for as long as the handshake takes, later for as long as one datagram takes (a
 * client that lost our last flight sends its own again; one that leaves says so).
 */
final class DtlsPeer {
    private static final int QUEUE = 8;
    private static final int MAX_DATAGRAM = 1500;
    /** Keeps our flights within the smallest path. */
    private static final int SEND_LIMIT = 1200;

    private static final int MAX_FLIGHT_DATAGRAMS = 64;

    /** Told on a virtual thread. */
    interface Events {
        void secured(SrtpProfile profile, byte[] keyingMaterial);

        void ended(String reason);

        /** The array is the receiver's. */
        void send(byte[] datagram);
    }

    private final DtlsRoom room;
    private final DtlsServer.Fingerprint fingerprint;
    private final Events events;
    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile @Nullable DTLSTransport transport;
    private volatile boolean closed;
    private boolean started;

    DtlsPeer(DtlsRoom room, DtlsServer.Fingerprint fingerprint, Events events) {
        this.room = room;
        this.fingerprint = fingerprint;
        this.events = events;
    }

    /** On the worker, with what came from an address that passed a check. What is too much is dropped: it comes again. */
    void datagram(byte[] packet, int length) {
        if (closed || length > MAX_DATAGRAM || !DtlsGuard.admits(packet, length)) {
            return;
        }
        if (!started) {
            if (!room.places.tryAcquire()) {
                return;
            }
            started = true;
            queue.add(Arrays.copyOf(packet, length));
            room.threads.execute(this::handshake);
        } else if (queue.offer(Arrays.copyOf(packet, length)) && transport != null) {
            readLater();
        }
    }

    private void handshake() {
        try {
            DtlsServer server = new DtlsServer(room.crypto, room.identity, fingerprint);
            DTLSTransport done = new DTLSServerProtocol().accept(server, new Wire());
            events.secured(server.profile(), server.keyingMaterial());
            transport = done;
            readLater();
        } catch (IOException | RuntimeException e) {
            events.ended(e instanceof TlsTimeoutException ? "handshake timed out" : "handshake failed");
        } finally {
            room.places.release();
        }
    }

    private void readLater() {
        if (!queue.isEmpty() && reading.compareAndSet(false, true)) {
            room.threads.execute(this::read);
        }
    }

    private void read() {
        byte[] ignored = new byte[MAX_DATAGRAM];
        DTLSTransport association = java.util.Objects.requireNonNull(transport);
        try {
            while (!queue.isEmpty() && !closed) {
                association.receive(ignored, 0, ignored.length, 1);
            }
        } catch (IOException e) {
            events.ended("peer closed");
        } finally {
            reading.set(false);
        }
        if (!closed) {
            readLater();
        }
    }

    /** Says good-bye where there is somebody to say it to. */
    void close() {
        closed = true;
        DTLSTransport association = transport;
        if (association != null) {
            room.threads.execute(() -> {
                try {
                    association.close();
                } catch (IOException alreadyGone) {
                    transport = null;
                }
            });
        }
    }

    private final class Wire implements DatagramTransport {
        private int received;

        @Override
        public int getReceiveLimit() {
            return MAX_DATAGRAM;
        }

        @Override
        public int getSendLimit() {
            return SEND_LIMIT;
        }

        @Override
        public int receive(byte[] into, int offset, int length, int waitMs) throws IOException {
            try {
                byte[] datagram = queue.poll(waitMs, TimeUnit.MILLISECONDS);
                if (closed || transport == null && ++received > MAX_FLIGHT_DATAGRAMS) {
                    throw new IOException("no more of this");
                }
                if (datagram == null) {
                    return -1;
                }
                int taken = Math.min(length, datagram.length);
                System.arraycopy(datagram, 0, into, offset, taken);
                return taken;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the workers stop", e);
            }
        }

        @Override
        public void send(byte[] bytes, int offset, int length) {
            events.send(Arrays.copyOfRange(bytes, offset, offset + length));
        }

        /** The library closes it when the peer said good-bye, too. */
        @Override
        public void close() {
            if (transport != null) {
                events.ended("peer closed");
            }
        }
    }
}
