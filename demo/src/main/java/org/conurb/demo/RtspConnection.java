package org.conurb.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One client of the simulator: its requests, its session, and the pictures on their way. Confined to the server's thread. */
final class RtspConnection {
    private static final long PICTURE_NANOS = TimeUnit.SECONDS.toNanos(1) / ClipMaker.FRAMES_A_SECOND;
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Pattern CHANNELS = Pattern.compile("interleaved=(\\d{1,3})-(\\d{1,3})");
    private static final Pattern PORTS = Pattern.compile("client_port=(\\d{1,5})-(\\d{1,5})");
    private static final Pattern PATH = Pattern.compile("/cameras/([A-Za-z0-9-]+?)(/sub)?(?:/track0)?/?");

    private final RtspServer server;
    private final SocketChannel peer;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(2 * RtspRequest.LONGEST);
    private final String nonce;
    private final String session;
    private @Nullable ByteBuffer unsent;
    private @Nullable SimCamera camera;
    private boolean sub;
    private @Nullable Feed feed;
    private @Nullable RtpSender sender;
    private int cuts;
    private long nextPicture;
    private long nextReport;
    private boolean skipping;

    RtspConnection(RtspServer server, SocketChannel peer, SelectionKey key) {
        this.server = server;
        this.peer = peer;
        this.key = key;
        this.nonce = server.nonce();
        this.session = server.nonce().substring(0, 8);
    }

    boolean closed() {
        return !peer.isOpen();
    }

    void close() {
        try {
            peer.close();
        } catch (IOException e) {
            // gone already
        }
    }

    void ready(SelectionKey ready) {
        try {
            if (ready.isValid() && ready.isWritable()) {
                flush();
            }
            if (ready.isValid() && ready.isReadable()) {
                if (peer.read(in) < 0) {
                    close();
                    return;
                }
                in.flip();
                for (RtspRequest request = RtspRequest.take(in); request != null; request = RtspRequest.take(in)) {
                    answer(request);
                }
                in.compact();
            }
        } catch (RtspRequest.Malformed e) {
            write(ByteBuffer.wrap("RTSP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            close();
        } catch (IOException e) {
            close();
        }
    }

    private void answer(RtspRequest request) throws IOException {
        Matcher path = PATH.matcher(request.path());
        SimCamera wanted = path.matches() ? server.camera(path.group(1)) : null;
        if (wanted != null && wanted.fault() == Fault.STOP) {
            close();
            return;
        }
        boolean open = request.method().equals("OPTIONS");
        if (!open && !server.digest().opens(request.header("authorization"), request.method(), nonce)) {
            reply(
                    request,
                    "401 Unauthorized",
                    "WWW-Authenticate: " + server.digest().challenge(nonce) + "\r\n",
                    "");
        } else if (!open && wanted == null && !request.method().equals("GET_PARAMETER")) {
            reply(request, "404 Not Found", "", "");
        } else {
            boolean wantsSub = path.matches() && path.group(2) != null;
            serve(request, wanted, wantsSub);
        }
    }

    private void serve(RtspRequest request, @Nullable SimCamera wanted, boolean wantsSub) throws IOException {
        switch (request.method()) {
            case "OPTIONS" ->
                reply(request, "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n", "");
            case "DESCRIBE" ->
                reply(
                        request,
                        "200 OK",
                        "Content-Base: %s/\r\nContent-Type: application/sdp\r\n".formatted(request.address()),
                        description(java.util.Objects.requireNonNull(wanted), wantsSub));
            case "SETUP" -> setup(request, java.util.Objects.requireNonNull(wanted), wantsSub);
            case "PLAY" -> start(request);
            case "GET_PARAMETER", "SET_PARAMETER" -> reply(request, "200 OK", sessionHeader(), "");
            case "TEARDOWN" -> {
                reply(request, "200 OK", "", "");
                close();
            }
            default -> reply(request, "501 Not Implemented", "", "");
        }
    }

    private static String description(SimCamera camera, boolean sub) {
        Clip clip = camera.clip(sub);
        return """
                v=0
                o=- 1 1 IN IP4 127.0.0.1
                s=%s
                c=IN IP4 0.0.0.0
                t=0 0
                a=control:*
                a=range:npt=now-
                m=video 0 RTP/AVP 96
                a=rtpmap:96 H264/90000
                a=fmtp:96 %s
                a=framerate:25
                a=control:track0
                """.formatted(camera.name(), clip.formatParameters()).replace("\n", "\r\n");
    }

    private void setup(RtspRequest request, SimCamera wanted, boolean wantsSub) throws IOException {
        String transport = request.header("transport");
        Matcher channels = CHANNELS.matcher(transport);
        Matcher ports = PORTS.matcher(transport);
        if (transport.contains("RTP/AVP/TCP")) {
            int channel = channels.find() ? Integer.parseInt(channels.group(1)) & 0xfe : 0;
            sender = new RtpSender(server.random(), channel, null, null);
            transport = "RTP/AVP/TCP;unicast;interleaved=%d-%d".formatted(channel, channel + 1);
        } else if (transport.startsWith("RTP/AVP") && !transport.contains("multicast") && ports.find()) {
            sender = new RtpSender(server.random(), 0, client(ports.group(1)), client(ports.group(2)));
            int[] own = server.datagramPorts();
            transport = "RTP/AVP;unicast;client_port=%s-%s;server_port=%d-%d"
                    .formatted(ports.group(1), ports.group(2), own[0], own[1]);
        } else {
            reply(request, "461 Unsupported Transport", "", "");
            return;
        }
        camera = wanted;
        sub = wantsSub;
        cuts = wanted.cuts();
        String ssrc = ";ssrc=%08X".formatted(sender.ssrc());
        reply(request, "200 OK", "Transport: " + transport + ssrc + "\r\n" + sessionHeader(), "");
    }

    /** Where datagrams go: always to the address that asked. */
    private SocketAddress client(String port) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) peer.getRemoteAddress();
        return new InetSocketAddress(remote.getAddress(), Math.min(65_535, Integer.parseInt(port)));
    }

    private String sessionHeader() {
        return "Session: %s;timeout=60\r\n".formatted(session);
    }

    private void start(RtspRequest request) {
        if (camera == null || sender == null) {
            reply(request, "455 Method Not Valid in This State", "", "");
            return;
        }
        String info = "RTP-Info: url=%s;seq=%d;rtptime=%d\r\n"
                .formatted(request.address(), sender.sequence(), sender.timestamp() & 0xffffffffL);
        reply(request, "200 OK", sessionHeader() + "Range: npt=now-\r\n" + info, "");
        if (feed == null) {
            int start = Math.floorMod(camera.id().hashCode(), 600);
            feed = new Feed(camera, sub, start);
            nextPicture = System.nanoTime();
            nextReport = nextPicture;
        }
    }

    private void reply(RtspRequest request, String status, String headers, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String length = content.length == 0 ? "" : "Content-Length: %d\r\n".formatted(content.length);
        byte[] head = "RTSP/1.0 %s\r\nCSeq: %s\r\nServer: invented camera\r\n%s%s\r\n"
                .formatted(status, request.header("cseq"), headers, length)
                .getBytes(StandardCharsets.UTF_8);
        write(ByteBuffer.allocate(head.length + content.length)
                .put(head)
                .put(content)
                .flip());
    }

    /** Sends what is due; returns when the next picture is. */
    long play(long now) {
        SimCamera shown = camera;
        if (shown != null && (shown.fault() == Fault.STOP || shown.cuts() != cuts)) {
            close();
        }
        if (closed() || feed == null || sender == null || shown == null) {
            return Long.MAX_VALUE;
        }
        if (shown.fault() == Fault.STALL) {
            nextPicture = now + PICTURE_NANOS;
            return nextPicture;
        }
        Instant instant = server.clock().instant();
        if (now - nextPicture > TimeUnit.SECONDS.toNanos(2)) {
            nextPicture = now; // this machine slept; a camera would not send it all at once
        }
        while (nextPicture <= now && !closed()) {
            send(feed.next(instant), sender, instant, now);
            nextPicture += PICTURE_NANOS;
        }
        return nextPicture;
    }

    private void send(Clip.Picture picture, RtpSender to, Instant instant, long now) {
        ByteBuffer scratch = server.scratch().clear();
        boolean report = now >= nextReport;
        if (report) {
            nextReport = now + REPORT_NANOS;
        }
        try {
            if (to.overTcp()) {
                boolean whole = unsent == null;
                skipping = !whole || skipping && !picture.key();
                if (report && whole) {
                    to.report(scratch, instant);
                }
                to.interleave(scratch, picture.payloads(), skipping);
                write(scratch.flip());
            } else {
                to.datagrams(server, scratch, picture.payloads(), report ? instant : null);
            }
        } catch (IOException e) {
            close();
        }
    }

    private void write(ByteBuffer bytes) {
        try {
            if (unsent == null) {
                peer.write(bytes);
            }
            if (bytes.hasRemaining()) {
                ByteBuffer before = unsent == null ? ByteBuffer.allocate(0) : unsent;
                unsent = ByteBuffer.allocate(before.remaining() + bytes.remaining())
                        .put(before)
                        .put(bytes)
                        .flip();
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                if (unsent.remaining() > 4 << 20) {
                    close();
                }
            }
        } catch (IOException e) {
            close();
        }
    }

    private void flush() throws IOException {
        if (unsent != null) {
            peer.write(unsent);
            if (!unsent.hasRemaining()) {
                unsent = null;
            }
        }
        if (unsent == null) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }
}
