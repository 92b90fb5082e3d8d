package org.conurb.talk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Voice with phones: one platform thread, {@code talk-sip-media}, reads the ports of all calls, each an even one of a range,
 * and gives each a beat of 20 ms.
 */
final class SipMedia implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SipMedia.class);
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** DSCP EF: voice before all else (RFC 3246). */
    private static final int EXPEDITED = 46 << 2;

    /** Packets of one port before others are looked at. */
    private static final int TURN = 64;

    private final InetAddress listen;
    private final int first;
    private final int last;
    private final VoiceProcess voices;
    private final RandomGenerator random;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
    /** Guarded by this. */
    private final Set<Integer> taken = new HashSet<>();

    private volatile boolean closed;

    /** @param first and {@code last}: ports for calls; 0 and 0 for whatever the system gives */
    SipMedia(InetAddress listen, int first, int last, VoiceProcess voices, RandomGenerator random) {
        this.listen = listen;
        this.first = first + (first & 1);
        this.last = last;
        this.voices = voices;
        this.random = random;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = Thread.ofPlatform().daemon().name("talk-sip-media").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    VoiceProcess voices() {
        return voices;
    }

    /** A port, before it is known what the phone says of its media. */
    record Port(DatagramChannel channel, int number) {}

    /** @throws SipFailure 503 where none is free */
    synchronized Port reserve() throws SipFailure {
        int choices = first == 0 ? 1 : (last - first) / 2 + 1;
        int from = first == 0 ? 0 : random.nextInt(choices);
        for (int i = 0; i < choices; i++) {
            int number = first == 0 ? 0 : first + (from + i) % choices * 2;
            if (number == 0 || taken.add(number)) {
                DatagramChannel channel = bound(number);
                if (channel != null) {
                    int bound = channel.socket().getLocalPort();
                    taken.add(bound);
                    return new Port(channel, bound);
                }
                taken.remove(number);
            }
        }
        throw new SipFailure(503, "No Port Free");
    }

    private @Nullable DatagramChannel bound(int number) {
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open(
                    listen.getAddress().length == 4
                            ? java.net.StandardProtocolFamily.INET
                            : java.net.StandardProtocolFamily.INET6);
            channel.setOption(StandardSocketOptions.IP_TOS, EXPEDITED);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 256 << 10);
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(listen, number));
            return channel;
        } catch (IOException inUse) {
            close(channel);
            return null;
        }
    }

    private static void close(@Nullable DatagramChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("talk.sip.media-close");
        }
    }

    synchronized void release(Port port) {
        close(port.channel());
        taken.remove(port.number());
    }

    SipLeg open(Port port, SipLeg.Wish wish, SipKeyEvents.Keys keys, Consumer<FloorPacket> floor) {
        SipLeg leg = new SipLeg(
                port.channel(), port.number(), wish, random.nextInt(), keys, floor, voices, () -> release(port));
        work.add(() -> {
            try {
                port.channel().register(selector, SelectionKey.OP_READ, leg);
            } catch (IOException gone) {
                LOG.atDebug().log("talk.sip.call-ended-early");
            }
        });
        selector.wakeup();
        return leg;
    }

    private void run() {
        long beat = System.nanoTime();
        while (!closed) {
            try {
                boolean any = !selector.keys().isEmpty();
                long wait = any ? Math.max(1, TimeUnit.NANOSECONDS.toMillis(beat - System.nanoTime())) : 1_000;
                selector.select(this::ready, wait);
                for (Runnable next = work.poll(); next != null; next = work.poll()) {
                    next.run();
                }
                long now = System.nanoTime();
                if (now - beat >= 0) {
                    beat = now - beat > 5 * BEAT_NANOS ? now + BEAT_NANOS : beat + BEAT_NANOS;
                    selector.keys().forEach(key -> tick(key, now));
                }
            } catch (IOException | RuntimeException e) {
                LOG.atError().setCause(e).log("talk.sip.media-failed");
            }
        }
    }

    private static void tick(SelectionKey key, long now) {
        if (key.isValid() && key.attachment() instanceof SipLeg leg) {
            leg.tick(now);
        }
    }

    private void ready(SelectionKey key) {
        if (!key.isValid() || !(key.attachment() instanceof SipLeg leg)) {
            return;
        }
        try {
            for (int i = 0; i < TURN; i++) {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) leg.channel().receive(buffer);
                if (from == null) {
                    return;
                }
                leg.received(buffer.flip(), from, System.nanoTime());
            }
        } catch (IOException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("talk.sip.media-unread");
        }
    }

    /** Calls that have a port. */
    synchronized int calls() {
        return taken.size();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
