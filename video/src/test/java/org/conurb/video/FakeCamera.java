package org.conurb.video;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * An RTSP server for tests: plays H.264 access units over and over at their rate, over TCP or UDP, and can be told to
 * misbehave. Each connection is served by one thread.
 */
final class FakeCamera implements AutoCloseable {
    private static final int MTU = 1400;

    final List<List<byte[]>> units;
    final int framesPerSecond;
    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** Floods that ended because the other side did not want any more. */
    final AtomicInteger refused = new AtomicInteger();

    volatile String contentBase = "";
    volatile boolean refuseTcp;
    volatile boolean silent;
    volatile boolean garbage;
    volatile boolean withoutSets;
    volatile String login = "";
    volatile String answerTo = "";
    volatile String answer = "";
    volatile String floodAt = "";
    volatile Flood flood = out -> {};
    volatile long jumpTicks;
    volatile int ssrc = 0x1234;
    volatile double skew = 1;

    /** What is said instead of an answer to {@link #floodAt}; PLAY is answered first. */
    interface Flood {
        void to(OutputStream out) throws IOException;
    }

    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private int port;
    private volatile ServerSocket server;

    FakeCamera(List<List<byte[]>> units, int framesPerSecond) {
        this.units = units;
        this.framesPerSecond = framesPerSecond;
        listen();
    }

    URI address() {
        return URI.create("rtsp://127.0.0.1:%d/stream1".formatted(port));
    }

    private void listen() {
        try {
            ServerSocket fresh = new ServerSocket();
            fresh.setReuseAddress(true);
            fresh.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            port = fresh.getLocalPort();
            server = fresh;
            Thread.ofVirtual().start(() -> accept(fresh));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket on) {
        try {
            while (true) {
                Socket socket = on.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> new Session(socket).serve());
            }
        } catch (IOException closed) {
            // unplugged
        }
    }

    /** Connections break, and nobody listens. */
    void unplug() {
        close();
    }

    void plugIn() {
        listen();
    }

    /** Connections break. */
    void cut() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        open.clear();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    /** Access units of an Annex B stream (H.264 annex B): a new one begins with a delimiter (type 9). */
    static List<List<byte[]>> units(byte[] stream) {
        List<List<byte[]>> units = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i + 3 < stream.length; i++) {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
                starts.add(i + 3);
            }
        }
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) - 3 : stream.length;
            while (end > starts.get(i) && stream[end - 1] == 0) {
                end--;
            }
            byte[] nal = java.util.Arrays.copyOfRange(stream, starts.get(i), end);
            if ((nal[0] & 0x1F) == 9) {
                units.add(new ArrayList<>());
            } else if (!units.isEmpty()) {
                units.getLast().add(nal);
            }
        }
        return units;
    }

    private byte[] set(int type) {
        return units.stream()
                .flatMap(List::stream)
                .filter(nal -> (nal[0] & 0x1F) == type)
                .findFirst()
                .orElseThrow();
    }

    private final class Session {
        private final Socket socket;
        private int clientPort;
        private boolean datagrams;
        private int sequence;
        private volatile boolean over;

        Session(Socket socket) {
            this.socket = socket;
        }

        void serve() {
            try {
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                List<String> head = new ArrayList<>();
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.startsWith("$")) {
                        continue;
                    }
                    if (!line.isEmpty()) {
                        head.add(line);
                    } else if (!head.isEmpty()) {
                        answer(head);
                        head.clear();
                    }
                }
            } catch (IOException broken) {
                // as cameras do
            } finally {
                over = true;
            }
        }

        private void answer(List<String> head) throws IOException {
            String first = head.getFirst();
            String method = first.substring(0, first.indexOf(' ')).replaceAll("[^A-Z_]", "");
            requests.add(first);
            String cseq = head.stream()
                    .filter(l -> l.toLowerCase().startsWith("cseq"))
                    .findFirst()
                    .orElse("CSeq: 0");
            if (method.equals(answerTo)) {
                write(answer + cseq + "\r\n\r\n");
                return;
            }
            if (method.equals(floodAt)) {
                flood(method, cseq);
                return;
            }
            boolean known = login.isEmpty()
                    || head.stream()
                            .anyMatch(l -> l.equals("Authorization: Basic "
                                    + Base64.getEncoder().encodeToString(login.getBytes(US_ASCII))));
            if (!known) {
                write("RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n" + cseq + "\r\n\r\n");
                return;
            }
            switch (method) {
                case "OPTIONS" ->
                    write("RTSP/1.0 200 OK\r\n" + cseq + "\r\nPublic: DESCRIBE, SETUP, PLAY, GET_PARAMETER\r\n\r\n");
                case "DESCRIBE" -> describe(cseq);
                case "SETUP" -> setUp(head, cseq);
                case "PLAY" -> {
                    write("RTSP/1.0 200 OK\r\n" + cseq + "\r\nSession: 42;timeout=20\r\n\r\n");
                    Thread.ofPlatform().daemon().start(this::play);
                }
                case "TEARDOWN" -> socket.close();
                default -> write("RTSP/1.0 200 OK\r\n" + cseq + "\r\n\r\n");
            }
        }

        private void flood(String method, String cseq) throws IOException {
            if (method.equals("PLAY")) {
                write("RTSP/1.0 200 OK\r\n" + cseq + "\r\nSession: 42;timeout=20\r\n\r\n");
            }
            try {
                flood.to(socket.getOutputStream());
            } catch (IOException enough) {
                refused.incrementAndGet();
                throw enough;
            }
        }

        private void describe(String cseq) throws IOException {
            Base64.Encoder base64 = Base64.getEncoder();
            String sets = withoutSets
                    ? ""
                    : ";sprop-parameter-sets=" + base64.encodeToString(set(7)) + "," + base64.encodeToString(set(8));
            String sdp = "v=0\r\ns=x\r\nt=0 0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                    + "a=fmtp:96 packetization-mode=1" + sets + "\r\na=control:trackID=1\r\n";
            write("RTSP/1.0 200 OK\r\n" + cseq + "\r\n" + contentBase
                    + "Content-Type: application/sdp\r\nContent-Length: " + sdp.length() + "\r\n\r\n" + sdp);
        }

        private void setUp(List<String> head, String cseq) throws IOException {
            String transport = head.stream()
                    .filter(l -> l.startsWith("Transport:"))
                    .findFirst()
                    .orElseThrow();
            if (transport.contains("TCP") && refuseTcp) {
                write("RTSP/1.0 461 Unsupported Transport\r\n" + cseq + "\r\n\r\n");
                return;
            }
            datagrams = !transport.contains("TCP");
            if (datagrams) {
                clientPort = Integer.parseInt(transport.replaceAll(".*client_port=(\\d+)-.*", "$1"));
            }
            write("RTSP/1.0 200 OK\r\n" + cseq + "\r\nSession: 42;timeout=20\r\n"
                    + (datagrams
                            ? "Transport: RTP/AVP;unicast;client_port=%d-%d".formatted(clientPort, clientPort + 1)
                            : "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
                    + "\r\n\r\n");
        }

        private synchronized void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        }

        private void play() {
            try (DatagramSocket udp = new DatagramSocket()) {
                long start = System.nanoTime();
                long frameNanos = 1_000_000_000L / framesPerSecond;
                for (int n = 0; !over && !socket.isClosed(); n++) {
                    long wait = start + n * frameNanos - System.nanoTime();
                    if (wait > 0) {
                        LockSupport.parkNanos(wait);
                    }
                    if (silent) {
                        continue;
                    }
                    long ticks = Math.round(n * 90_000.0 / framesPerSecond * skew) + 1_000_000 + jumpTicks;
                    unit(units.get(n % units.size()), ticks, udp);
                    sent.incrementAndGet();
                }
            } catch (IOException gone) {
                // the other side closed
            }
        }

        private void unit(List<byte[]> nals, long ticks, DatagramSocket udp) throws IOException {
            for (int i = 0; i < nals.size(); i++) {
                byte[] nal = nals.get(i);
                boolean last = i == nals.size() - 1;
                if (nal.length <= MTU) {
                    packet(nal, last, ticks, udp);
                    continue;
                }
                for (int at = 1; at < nal.length; at += MTU) {
                    int length = Math.min(MTU, nal.length - at);
                    boolean end = at + length == nal.length;
                    byte[] part = new byte[length + 2];
                    part[0] = (byte) (nal[0] & 0xE0 | 28);
                    part[1] = (byte) ((at == 1 ? 0x80 : 0) | (end ? 0x40 : 0) | nal[0] & 0x1F);
                    System.arraycopy(nal, at, part, 2, length);
                    packet(part, last && end, ticks, udp);
                }
            }
        }

        private void packet(byte[] payload, boolean marker, long ticks, DatagramSocket udp) throws IOException {
            ByteBuffer rtp = ByteBuffer.allocate(16 + payload.length);
            rtp.put((byte) '$').put((byte) 0).putShort((short) (12 + payload.length));
            rtp.put((byte) 0x80).put((byte) ((marker ? 0x80 : 0) | 96)).putShort((short) sequence++);
            rtp.putInt((int) ticks).putInt(ssrc).put(payload);
            if (datagrams) {
                udp.send(new DatagramPacket(
                        rtp.array(), 4, rtp.capacity() - 4, InetAddress.getLoopbackAddress(), clientPort));
                return;
            }
            synchronized (this) {
                OutputStream out = socket.getOutputStream();
                if (garbage && sequence % 50 == 0) {
                    out.write(new byte[] {0, 1, 2, 3, (byte) 0xFF, 7});
                }
                out.write(rtp.array());
            }
        }
    }
}
