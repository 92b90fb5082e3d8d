package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A phone by UDP on loopback that does one thing after the other. */
final class TestPhone implements AutoCloseable {
    static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
    private static final AtomicInteger NEXT = new AtomicInteger();

    final DatagramSocket signalling;
    final DatagramSocket media;
    final String username;
    final String password;
    final int server;
    final String callId = "call-" + NEXT.incrementAndGet() + "@test";
    private final String fromTag = "phone" + NEXT.incrementAndGet();
    String algorithm = "SHA-256";
    int cseq = 1;
    String toTag = "";
    int mediaPort;
    int sequence = 1;
    int timestamp = 1000;
    int ssrc = 0x1234 + NEXT.get();

    @Nullable
    String nonce;

    private int nc;

    TestPhone(int server, String username, String password) throws IOException {
        this.server = server;
        this.username = username;
        this.password = password;
        this.signalling = new DatagramSocket(0, LOCAL);
        this.media = new DatagramSocket(0, LOCAL);
        signalling.setSoTimeout(5_000);
        media.setSoTimeout(3_000);
    }

    SipMessage request(String method, String uri) {
        SipMessage request = SipMessage.request(method, uri)
                .add(
                        "via",
                        "SIP/2.0/UDP 127.0.0.1:" + signalling.getLocalPort() + ";branch=" + SipMessage.COOKIE
                                + NEXT.incrementAndGet() + ";rport")
                .add("max-forwards", "70")
                .add("from", "<sip:" + username + "@alder>;tag=" + fromTag)
                .add(
                        "to",
                        "<" + (method.equals("REGISTER") ? "sip:" + username + "@alder" : uri) + ">"
                                + (toTag.isEmpty() ? "" : ";tag=" + toTag))
                .add("call-id", (method.equals("REGISTER") ? "r" : "") + callId)
                .add("cseq", cseq++ + " " + method);
        return request.add("contact", "<sip:" + username + "@127.0.0.1:" + signalling.getLocalPort() + ">");
    }

    void send(SipMessage message) throws IOException {
        send(message.octets());
    }

    void send(byte[] octets) throws IOException {
        signalling.send(new DatagramPacket(octets, octets.length, LOCAL, server));
    }

    SipMessage receive() throws IOException, SipFailure {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        signalling.receive(packet);
        return SipMessage.read(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /** The final answer to a request. */
    SipMessage ask(SipMessage request) throws IOException, SipFailure {
        send(request);
        return answer(request);
    }

    SipMessage answer(SipMessage request) throws IOException, SipFailure {
        while (true) {
            SipMessage answer = receive();
            if (!answer.isRequest()
                    && answer.status() >= 200
                    && answer.top("cseq").equals(request.top("cseq"))) {
                return answer;
            }
        }
    }

    /** The same request, after a challenge. */
    SipMessage signedIn(SipMessage request) throws IOException, SipFailure {
        SipMessage challenge = ask(request);
        if (challenge.status() != 401) {
            return challenge;
        }
        return ask(again(request, challenge));
    }

    SipMessage again(SipMessage request, SipMessage challenge) {
        if (request.method().equals("INVITE")) {
            acknowledge(request, challenge);
        }
        SipMessage again = SipMessage.request(request.method(), request.uri());
        for (String name : List.of("via", "max-forwards", "from", "to", "call-id", "contact", "expires")) {
            request.one(name).ifPresent(value -> again.add(name, value));
        }
        again.set(
                "via",
                request.top("via")
                        .replaceFirst("branch=[^;]+", "branch=" + SipMessage.COOKIE + NEXT.incrementAndGet()));
        again.add("cseq", cseq++ + " " + request.method());
        if (request.body().length > 0) {
            again.body(request.top("content-type"), request.body());
        }
        return again.add("authorization", credentials(again, challenge));
    }

    String credentials(SipMessage request, SipMessage challenge) {
        String wanted = challenge.all("www-authenticate").stream()
                .filter(value -> value.contains("algorithm=" + algorithm))
                .findFirst()
                .orElseThrow();
        Map<String, String> given = new TreeMap<>();
        for (String part : SipMessage.split(wanted.substring(7))) {
            String[] pair = part.split("=", 2);
            given.put(pair[0].strip(), SipAddress.unquote(pair[1].strip()));
        }
        String fresh = String.valueOf(given.get("nonce"));
        nc = fresh.equals(nonce) ? nc + 1 : 1;
        nonce = fresh;
        return credentials(request, String.valueOf(given.get("realm")), fresh, nc);
    }

    String credentials(SipMessage request, String realm, String fresh, int count) {
        String first = SipDigest.hash(algorithm, username + ":" + realm + ":" + password);
        String second = SipDigest.hash(algorithm, request.method() + ":" + request.uri());
        String nc8 = "%08x".formatted(count);
        String response = SipDigest.hash(algorithm, String.join(":", first, fresh, nc8, "abc", "auth", second));
        return "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=%s, cnonce=\"abc\", qop=auth, nc=%s"
                .formatted(username, realm, fresh, request.uri(), response, algorithm, nc8);
    }

    void acknowledge(SipMessage invite, SipMessage answer) {
        try {
            SipMessage ack = SipMessage.request("ACK", invite.uri())
                    .add("via", answer.status() < 300 ? invite.top("via") + "a" : invite.top("via"))
                    .add("max-forwards", "70")
                    .add("from", invite.top("from"))
                    .add("to", answer.top("to"))
                    .add("call-id", invite.top("call-id"))
                    .add("cseq", invite.cseq() + " ACK");
            send(ack);
        } catch (IOException | SipFailure e) {
            throw new IllegalStateException(e);
        }
    }

    SipMessage register() throws IOException, SipFailure {
        return signedIn(request("REGISTER", "sip:alder").add("expires", "300"));
    }

    byte[] offer(String formats, String... lines) {
        StringBuilder text =
                new StringBuilder("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio "
                        + media.getLocalPort() + " RTP/AVP " + formats + "\r\n");
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    byte[] opus(String... more) {
        List<String> lines = new ArrayList<>(
                List.of("a=rtpmap:96 opus/48000/2", "a=rtpmap:97 telephone-event/48000", "a=fmtp:97 0-15"));
        lines.addAll(List.of(more));
        return offer("96 97", lines.toArray(new String[0]));
    }

    /** Calls, and is answered. */
    SipMessage call(String dialled, byte[] offer) throws IOException, SipFailure {
        SipMessage invite = request("INVITE", "sip:" + dialled + "@alder").body(SipSdp.TYPE, offer);
        send(invite);
        SipMessage challenge = answer(invite);
        SipMessage again = challenge.status() == 401 ? again(invite, challenge) : invite;
        SipMessage answer = challenge.status() == 401 ? ask(again) : challenge;
        acknowledge(again, answer);
        if (answer.status() == 200) {
            toTag = answer.to().parameters().getOrDefault("tag", "");
            mediaPort = SipSdp.read(answer.body()).address().getPort();
        }
        return answer;
    }

    void rtp(DatagramSocket by, int type, byte[] payload) throws IOException {
        ByteBuffer rtp = ByteBuffer.allocate(12 + payload.length);
        rtp.put((byte) 0x80)
                .put((byte) type)
                .putShort((short) sequence++)
                .putInt(timestamp)
                .putInt(ssrc)
                .put(payload);
        by.send(new DatagramPacket(rtp.array(), rtp.capacity(), LOCAL, mediaPort));
    }

    /** One packet of a voice that says this octet. */
    void speak(int octet) throws IOException {
        timestamp += 960;
        rtp(media, 96, new byte[] {(byte) octet, 2, 3});
    }

    /** A key is pressed that long. */
    void key(int event, int millis) throws IOException {
        timestamp += 960;
        for (int i = 0; i < 6; i++) {
            boolean end = i >= 3;
            rtp(media, 97, new byte[] {(byte) event, (byte) (end ? 0x8A : 0x0A), (byte) (i * 3), (byte) 0});
            if (i == 2 && millis > 0) {
                hold(event, millis);
            }
        }
    }

    private void hold(int event, int millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < until) {
            java.util.concurrent.locks.LockSupport.parkNanos(40_000_000);
            rtp(media, 97, new byte[] {(byte) event, 0x0A, 0x10, 0});
        }
    }

    SipMessage info(String type, String body) throws IOException, SipFailure {
        return ask(request("INFO", "sip:alder").body(type, body.getBytes(UTF_8)));
    }

    /** The next packet of voice, not of what keeps the line open; nothing where none comes in time. */
    byte @Nullable [] hear() throws IOException {
        try {
            byte[] silence = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                media.receive(packet);
                byte[] heard = Arrays.copyOf(packet.getData(), packet.getLength());
                if (!Arrays.equals(silence, Arrays.copyOfRange(heard, 12, heard.length))) {
                    return heard;
                }
            }
        } catch (SocketTimeoutException silence) {
            return null;
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOCAL, signalling.getLocalPort());
    }

    @Override
    public void close() {
        signalling.close();
        media.close();
    }
}
