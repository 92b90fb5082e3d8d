package org.conurb.benchmarks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One user of a Mumble server, in the channel where all begin: control by TLS, voice by UDP; it neither codes nor plays. */
final class MumbleClient implements UdpCrowd.Ear, AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    private static final int PING_EACH_MS = 100;
    private static final int OPUS = 4 << 5;
    private static final int UDP_PING = 1 << 5;
    private static final int MOST = 1024;

    private final SSLSocket control;
    private final DatagramChannel voice;
    private final CountDownLatch admitted = new CountDownLatch(1);
    private final CountDownLatch overUdp = new CountDownLatch(1);
    private final byte[] plain = new byte[MOST];
    private final byte[] sealed = new byte[MOST + Ocb2.HEADER];
    private final byte[] arrived = new byte[MOST];
    private volatile @Nullable Ocb2 crypt;
    private volatile @Nullable IOException failed;
    private volatile @Nullable Deliveries deliveries;
    private volatile boolean closing;
    private int listener;

    /** Signs in, and waits until the server lets it in. */
    MumbleClient(SSLContext tls, int port, String name) throws IOException, InterruptedException {
        control = (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        control.setTcpNoDelay(true);
        voice = DatagramChannel.open();
        voice.configureBlocking(false);
        voice.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().start(this::read);
        write(MumbleMessages.version());
        write(MumbleMessages.authenticate(name));
        await(admitted, "let " + name + " in");
    }

    /** To count what is heard; before it is added to a crowd. */
    void hears(Deliveries counting, int mouth) {
        listener = counting.listener(mouth);
        deliveries = counting;
    }

    DatagramChannel channel() {
        return voice;
    }

    /** Shows the server where its packets come from; somebody reads {@link #channel} meanwhile. */
    void findUdp() throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        do {
            pingUdp();
        } while (!overUdp.await(PING_EACH_MS, TimeUnit.MILLISECONDS) && System.nanoTime() < until);
        await(overUdp, "answer by UDP");
    }

    private void await(CountDownLatch latch, String what) throws IOException, InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("The Mumble server did not " + what, failed);
        }
    }

    /** Speaks one packet to the channel. */
    void say(int mouth, int number) throws IOException {
        synchronized (sealed) {
            plain[0] = (byte) OPUS;
            int at = put(plain, 1, number);
            at = put(plain, at, VoicePacket.PAYLOAD);
            VoicePacket.writePayload(plain, at, mouth, number);
            send(at + VoicePacket.PAYLOAD);
        }
    }

    private void pingUdp() throws IOException {
        synchronized (sealed) {
            plain[0] = UDP_PING;
            send(put(plain, 1, 1));
        }
    }

    private void send(int length) throws IOException {
        Ocb2 with = crypt;
        if (with != null) {
            voice.write(ByteBuffer.wrap(sealed, 0, with.seal(plain, length, sealed)));
        }
    }

    /** Mumble's own variable-length numbers: unlike those of protocol buffers, the length stands first. */
    private static int put(byte[] into, int at, int value) {
        if (value < 0x80) {
            into[at] = (byte) value;
            return at + 1;
        }
        into[at] = (byte) (0x80 | value >>> 8); // below 0x4000, some five minutes
        into[at + 1] = (byte) value;
        return at + 2;
    }

    private static int skip(byte[] from, int at) {
        int first = from[at] & 0xff;
        return at + (first < 0x80 ? 1 : first < 0xc0 ? 2 : first < 0xe0 ? 3 : first < 0xf0 ? 4 : 5);
    }

    @Override
    public void heard(byte[] datagram, int length, long now) {
        Ocb2 with = crypt;
        int opened = with == null ? -1 : with.open(datagram, length, arrived);
        if (opened < 1) {
            return;
        }
        if ((arrived[0] & 0xe0) == UDP_PING) {
            overUdp.countDown();
        } else if ((arrived[0] & 0xe0) == OPUS) {
            voice(arrived, opened, now);
        }
    }

    /** Type, who speaks, number, length, Opus. */
    private void voice(byte[] packet, int length, long now) {
        int at = skip(packet, skip(packet, skip(packet, 1)));
        Deliveries counting = deliveries;
        if (counting != null && VoicePacket.isPayload(packet, at, length)) {
            counting.heard(listener, VoicePacket.voice(packet, at), VoicePacket.number(packet, at), now);
        }
    }

    private void read() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(control.getInputStream()))) {
            while (true) {
                int type = in.readUnsignedShort();
                int length = in.readInt();
                if (length < 0 || length > MumbleMessages.LONGEST) {
                    throw new IOException("A message of %d octets".formatted(length));
                }
                switch (type) {
                    case MumbleMessages.UDP_TUNNEL -> voice(in.readNBytes(length), length, System.nanoTime());
                    case MumbleMessages.CRYPT_SETUP -> cryptSetup(MumbleMessages.octets(in.readNBytes(length)));
                    case MumbleMessages.SERVER_SYNC -> {
                        in.skipNBytes(length);
                        admitted.countDown();
                    }
                    case MumbleMessages.REJECT ->
                        throw new IOException(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                    default -> in.skipNBytes(length);
                }
            }
        } catch (IOException over) {
            failed = closing ? null : over;
        }
    }

    private void cryptSetup(Map<Integer, byte[]> fields) throws IOException {
        byte[] key = fields.get(1);
        byte[] client = fields.get(2);
        byte[] server = fields.get(3);
        Ocb2 before = crypt;
        if (key != null && client != null && server != null) {
            crypt = new Ocb2(key, client, server);
        } else if (before != null && server != null) {
            before.openNonce(server);
        } else if (before != null) {
            write(MumbleMessages.cryptSetup(before.sealNonce()));
        }
    }

    private void write(byte[] message) throws IOException {
        synchronized (control) {
            control.getOutputStream().write(message);
        }
    }

    @Override
    public void stay() throws IOException {
        IOException gone = failed;
        if (gone != null) {
            throw new IOException("The Mumble server hung up", gone);
        }
        write(MumbleMessages.ping());
        pingUdp();
    }

    @Override
    public void close() throws IOException {
        closing = true;
        voice.close();
        control.close();
    }
}
