package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What is said to an RTSP 1.0 server (RFC 2326), in what order: OPTIONS, DESCRIBE, SETUP of each track, PLAY, then
 * keep-alives, at last TEARDOWN. One request is under way at a time. Knows no sockets: {@link Wire} sends. Confined to its
 * loop's thread.
 */
final class RtspConversation {
    private static final int LONGEST_URL = 2048;
    private static final int MOST_TRACKS = 4;
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;

    /** How RTP of one track travels, as both sides agreed. */
    sealed interface Channel {
        /** @param rtp channel number of RTP; that of RTCP follows it */
        record Interleaved(int rtp, int rtcp) implements Channel {}

        /** @param rtp port of the server, 0 where it tells none */
        record Datagrams(int rtp, int rtcp) implements Channel {}
    }

    /** A track that is asked for: its control attribute, and its place among the tracks that are recorded. */
    record Wanted(String control) {}

    interface Wire {
        void send(ByteBuffer message) throws RtspFailure;

        /**
         * The server describes what it has.
         *
         * @return tracks to set up, in order
         */
        List<Wanted> described(byte[] sdp) throws RtspFailure;

        /** Opens a pair of ports for a track; the answer is the even one. */
        int openPorts(int track) throws RtspFailure;

        void agreed(int track, Channel channel) throws RtspFailure;

        void playing() throws RtspFailure;
    }

    enum Step {
        OPTIONS,
        DESCRIBE,
        SETUP,
        PLAY,
        PLAYING,
        OVER
    }

    private final String url;
    private final Wire wire;
    private final Optional<RtspAuthentication> authentication;
    private final boolean mayFallBack;
    private boolean datagrams;
    private Step step = Step.OPTIONS;
    private int sequence;
    private String method = "";
    private boolean waiting;
    private boolean answeredChallenge;
    private String base;
    private String aggregate;
    private boolean getParameter;
    private Optional<String> session = Optional.empty();
    private int timeoutSeconds = DEFAULT_TIMEOUT_SECONDS;
    private List<Wanted> tracks = List.of();
    private int settingUp;

    RtspConversation(
            URI address,
            CameraSource.Transport transport,
            Optional<CameraLogin> login,
            RandomGenerator random,
            Wire wire) {
        this.url = address.toASCIIString();
        this.base = url;
        this.aggregate = url;
        this.wire = wire;
        this.authentication = login.map(known -> new RtspAuthentication(known, random));
        this.datagrams = transport == CameraSource.Transport.UDP;
        this.mayFallBack = transport == CameraSource.Transport.AUTO;
    }

    Step step() {
        return step;
    }

    /** Seconds after which the server forgets us when it hears nothing; 5..600. */
    int timeoutSeconds() {
        return timeoutSeconds;
    }

    boolean waiting() {
        return waiting;
    }

    boolean datagrams() {
        return datagrams;
    }

    void begin() throws RtspFailure {
        request("OPTIONS", url, Map.of());
    }

    /** Tells the server that we are there; nothing while an answer is awaited. */
    void keepAlive() throws RtspFailure {
        if (step == Step.PLAYING && !waiting) {
            request(getParameter ? "GET_PARAMETER" : "OPTIONS", aggregate, Map.of());
        }
    }

    /** Ends the session; no answer is awaited. */
    void tearDown() throws RtspFailure {
        if (session.isPresent() && step != Step.OVER) {
            request("TEARDOWN", aggregate, Map.of());
        }
        step = Step.OVER;
    }

    void message(RtspAnswer message) throws RtspFailure {
        if (message.status() == 0) {
            refuse(message);
            return;
        }
        if (!waiting || (message.sequence() >= 0 && message.sequence() != sequence)) {
            return; // an answer to something given up
        }
        waiting = false;
        int status = message.status();
        if (status == 401) {
            authenticate(message);
        } else if (status >= 300 && status < 400) {
            throw new RtspFailure(status, "points to another place (%d); redirects are not followed".formatted(status));
        } else if (step == Step.SETUP && status == 461 && mayFallBack && !datagrams && settingUp == 0) {
            datagrams = true;
            setUp();
        } else if (step == Step.PLAYING) {
            stillThere(status);
        } else if (step == Step.OPTIONS) {
            options(message);
        } else if (status != 200) {
            throw new RtspFailure(status, "answers %s with %d".formatted(method, status));
        } else {
            answeredChallenge = false;
            next(message);
        }
    }

    /** Requests of servers are not ours to follow: neither REDIRECT nor ANNOUNCE (RFC 2326 §10.3, §10.10). */
    private void refuse(RtspAnswer request) throws RtspFailure {
        boolean ping = request.method().equals("OPTIONS");
        String head = ping ? "RTSP/1.0 200 OK\r\n" : "RTSP/1.0 501 Not Implemented\r\n";
        wire.send(bytes(head + "CSeq: " + Math.max(0, request.sequence()) + "\r\n\r\n"));
        if (request.method().equals("REDIRECT")) {
            throw RtspFailure.broken("wants to send us elsewhere; redirects are not followed");
        }
    }

    private void authenticate(RtspAnswer message) throws RtspFailure {
        boolean again = authentication.isPresent() && authentication.get().challenged(message.all("www-authenticate"));
        if (!again || (answeredChallenge && !stale(message))) {
            throw new RtspFailure(
                    401,
                    authentication.isEmpty() ? "asks for a name and a password" : "does not accept name and password");
        }
        answeredChallenge = true;
        repeat();
    }

    private static boolean stale(RtspAnswer message) {
        return message.all("www-authenticate").stream()
                .flatMap(header -> RtspAuthentication.parse(header).stream())
                .anyMatch(challenge -> challenge.parameter("stale").equalsIgnoreCase("true"));
    }

    private void repeat() throws RtspFailure {
        switch (step) {
            case OPTIONS -> request("OPTIONS", url, Map.of());
            case DESCRIBE -> describe();
            case SETUP -> setUp();
            case PLAY -> play();
            case PLAYING -> keepAlive();
            case OVER -> {}
        }
    }

    private void stillThere(int status) throws RtspFailure {
        if (status == 454) {
            throw new RtspFailure(status, "has forgotten the session");
        }
        if (status >= 400) {
            getParameter = false; // said it could, and cannot: OPTIONS from now on
        }
        answeredChallenge = false;
    }

    private void options(RtspAnswer message) throws RtspFailure {
        // Some refuse OPTIONS and do all the rest.
        String can = message.header("public").orElse("").toUpperCase(Locale.ROOT);
        getParameter = can.contains("GET_PARAMETER");
        step = Step.DESCRIBE;
        describe();
    }

    private void next(RtspAnswer message) throws RtspFailure {
        switch (step) {
            case DESCRIBE -> described(message);
            case SETUP -> agreed(message);
            case PLAY -> {
                takeSession(message);
                step = Step.PLAYING;
                wire.playing();
            }
            case OPTIONS, PLAYING, OVER -> {}
        }
    }

    private void describe() throws RtspFailure {
        request("DESCRIBE", url, Map.of("Accept", "application/sdp"));
    }

    private void described(RtspAnswer message) throws RtspFailure {
        base = message.header("content-base")
                .filter(RtspConversation::usable)
                .or(() -> message.header("content-location").filter(RtspConversation::usable))
                .orElse(url);
        aggregate = resolve(sessionControl(new String(message.body(), UTF_8)));
        tracks = wire.described(message.body());
        if (tracks.isEmpty() || tracks.size() > MOST_TRACKS) {
            throw RtspFailure.broken("describes no track that can be recorded");
        }
        step = Step.SETUP;
        settingUp = 0;
        setUp();
    }

    private static boolean usable(String header) {
        String lower = header.toLowerCase(Locale.ROOT);
        return (lower.startsWith("rtsp://") || lower.startsWith("rtsps://")) && plain(header);
    }

    private static boolean plain(String text) {
        return text.length() <= LONGEST_URL && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** The session's own control attribute: before the first medium (RFC 2326 §C.1.1). */
    private static String sessionControl(String sdp) {
        for (String line : sdp.split("\r?\n", -1)) {
            if (line.startsWith("m=")) {
                break;
            }
            if (line.startsWith("a=control:")) {
                return line.substring(10).strip();
            }
        }
        return "*";
    }

    /** A control attribute against the base; servers forget the slash between them. */
    String resolve(String control) throws RtspFailure {
        if (!plain(control)) {
            throw RtspFailure.broken("names a track by what is no address");
        }
        if (usable(control)) {
            return control;
        }
        if (control.isEmpty() || control.equals("*")) {
            return base;
        }
        boolean slash = base.endsWith("/") || control.startsWith("/") || control.startsWith("?");
        return slash && base.endsWith("/") && control.startsWith("/")
                ? base + control.substring(1)
                : base + (slash ? "" : "/") + control;
    }

    private void setUp() throws RtspFailure {
        String transport;
        if (datagrams) {
            int port = wire.openPorts(settingUp);
            transport = "RTP/AVP;unicast;client_port=%d-%d".formatted(port, port + 1);
        } else {
            transport = "RTP/AVP/TCP;unicast;interleaved=%d-%d".formatted(2 * settingUp, 2 * settingUp + 1);
        }
        request("SETUP", resolve(tracks.get(settingUp).control()), Map.of("Transport", transport));
    }

    private void agreed(RtspAnswer message) throws RtspFailure {
        takeSession(message);
        wire.agreed(settingUp, channel(message.header("transport").orElse("")));
        settingUp++;
        if (settingUp < tracks.size()) {
            setUp();
        } else {
            step = Step.PLAY;
            play();
        }
    }

    private Channel channel(String transport) throws RtspFailure {
        String first = transport.split(",", 2)[0];
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : first.split(";", -1)) {
            String[] pair = part.strip().split("=", 2);
            parameters.putIfAbsent(pair[0].toLowerCase(Locale.ROOT), pair.length == 2 ? pair[1] : "");
        }
        if (datagrams) {
            int[] ports = pair(parameters.getOrDefault("server_port", "0-0"), 65_535);
            return new Channel.Datagrams(ports[0], ports[1]);
        }
        if (parameters.containsKey("server_port")) {
            throw RtspFailure.broken("agrees to UDP where TCP was asked for");
        }
        String numbers = parameters.getOrDefault("interleaved", 2 * settingUp + "-" + (2 * settingUp + 1));
        int[] channels = pair(numbers, 255);
        return new Channel.Interleaved(channels[0], channels[1]);
    }

    private static int[] pair(String text, int most) throws RtspFailure {
        String[] ends = text.split("-", 2);
        int first = RtspAnswer.number(ends[0]);
        int second = ends.length == 2 ? RtspAnswer.number(ends[1]) : first + 1;
        if (first < 0 || first > most || second < 0 || second > most) {
            throw RtspFailure.broken("agrees to ports or channels that cannot be");
        }
        return new int[] {first, second};
    }

    private void play() throws RtspFailure {
        request("PLAY", aggregate, Map.of("Range", "npt=0.000-"));
    }

    private void takeSession(RtspAnswer message) throws RtspFailure {
        Optional<String> header = message.header("session");
        if (header.isEmpty()) {
            return;
        }
        String[] parts = header.get().split(";", -1);
        String id = parts[0].strip();
        if (id.isEmpty() || id.length() > 200 || !plain(id)) {
            throw RtspFailure.broken("names a session in a way that cannot be repeated");
        }
        session = Optional.of(id);
        for (String part : List.of(parts).subList(1, parts.length)) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[0].equalsIgnoreCase("timeout")) {
                int seconds = RtspAnswer.number(pair[1]);
                timeoutSeconds = seconds < 0 ? timeoutSeconds : Math.clamp(seconds, 5, 600);
            }
        }
    }

    private void request(String method, String uri, Map<String, String> headers) throws RtspFailure {
        this.method = method;
        sequence++;
        List<String> lines = new ArrayList<>();
        lines.add(method + ' ' + uri + " RTSP/1.0");
        lines.add("CSeq: " + sequence);
        lines.add("User-Agent: Conurb");
        session.ifPresent(id -> lines.add("Session: " + id));
        authentication
                .flatMap(known -> known.authorization(method, uri))
                .ifPresent(value -> lines.add("Authorization: " + value));
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        waiting = true;
        wire.send(bytes(String.join("\r\n", lines) + "\r\n\r\n"));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
