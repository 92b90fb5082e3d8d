package org.conurb.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Many sockets that one thread reads; from time to time it says for each that it is still there, one after the other. */
final class UdpCrowd implements AutoCloseable {
    private static final double STAY_NANOS = 5e9;
    private static final int PATIENCE_MS = 20;

    /** Whoever is behind a socket. */
    interface Ear {
        /** A datagram came, and lies at the front of the array. */
        void heard(byte[] datagram, int length, long now) throws IOException;

        /** Some five seconds have passed. */
        void stay() throws IOException;
    }

    private record Place(DatagramChannel channel, Ear ear) {}

    private final Selector selector = Selector.open();
    private final List<Place> ears = new ArrayList<>();
    private final AtomicReference<@Nullable IOException> failed = new AtomicReference<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("crowd").unstarted(this::run);

    UdpCrowd() throws IOException {
        thread.start();
    }

    /** @param channel not blocking; it stays its owner's to close, who leaves by that */
    void add(DatagramChannel channel, Ear ear) throws IOException {
        synchronized (ears) {
            ears.add(new Place(channel, ear));
        }
        channel.register(selector, SelectionKey.OP_READ, ear);
        selector.wakeup();
    }

    int size() {
        synchronized (ears) {
            return ears.size();
        }
    }

    /** @throws IOException where a socket failed since */
    void check() throws IOException {
        IOException first = failed.get();
        if (first != null) {
            throw new IOException("The server refused a packet", first);
        }
    }

    private void run() {
        ByteBuffer packet = ByteBuffer.allocate(2048);
        long stayed = System.nanoTime();
        int next = 0;
        try {
            while (true) {
                selector.select(key -> read(key, packet), PATIENCE_MS);
                long now = System.nanoTime();
                int size = size();
                int due = (int) Math.min(size, size * ((now - stayed) / STAY_NANOS));
                if (due > 0 || size == 0) {
                    stayed = now;
                    stay(next, due);
                    next = size == 0 ? 0 : (next + due) % size;
                }
            }
        } catch (ClosedSelectorException over) {
            return;
        } catch (IOException broken) {
            failed.compareAndSet(null, broken);
        }
    }

    private void stay(int from, int count) {
        for (int i = 0; i < count; i++) {
            Place place;
            synchronized (ears) {
                place = ears.get((from + i) % ears.size());
            }
            try {
                if (place.channel().isOpen()) {
                    place.ear().stay();
                }
            } catch (IOException gone) {
                failed.compareAndSet(null, gone);
            }
        }
    }

    private void read(SelectionKey key, ByteBuffer packet) {
        try {
            int length = ((DatagramChannel) key.channel()).read(packet.clear());
            if (length > 0) {
                ((Ear) key.attachment()).heard(packet.array(), length, System.nanoTime());
            }
        } catch (ClosedChannelException left) {
            key.cancel();
        } catch (IOException gone) {
            key.cancel();
            failed.compareAndSet(null, gone);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
