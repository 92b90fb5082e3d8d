package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A SIP request or response (RFC 3261 7). Headers keep their order; names compare without case, and one-letter names are
 * the long ones. What is read is bounded: {@link #LONGEST} octets, {@link #MOST_HEADERS} headers.
 */
final class SipMessage {
    static final int LONGEST = 16 << 10;
    static final int MOST_HEADERS = 64;
    /** Before the branch of a transaction (RFC 3261 8.1.1.7). */
    static final String COOKIE = "z9hG4bK";

    private static final String VERSION = "SIP/2.0";
    private static final Map<String, String> COMPACT = Map.ofEntries(
            Map.entry("i", "call-id"),
            Map.entry("m", "contact"),
            Map.entry("e", "content-encoding"),
            Map.entry("l", "content-length"),
            Map.entry("c", "content-type"),
            Map.entry("f", "from"),
            Map.entry("s", "subject"),
            Map.entry("k", "supported"),
            Map.entry("t", "to"),
            Map.entry("v", "via"),
            Map.entry("o", "event"),
            Map.entry("u", "allow-events"),
            Map.entry("x", "session-expires"));
    /** Several values may share a line (RFC 3261 7.3.1). */
    private static final List<String> LISTS =
            List.of("via", "contact", "route", "record-route", "require", "supported");

    private record Header(String name, String value) {}

    private final String method;
    private final String uri;
    private final int status;
    private final String phrase;
    private final List<Header> headers = new ArrayList<>();
    private byte[] body = {};

    private SipMessage(String method, String uri, int status, String phrase) {
        this.method = method;
        this.uri = uri;
        this.status = status;
        this.phrase = phrase;
    }

    static SipMessage request(String method, String uri) {
        return new SipMessage(method, uri, 0, "");
    }

    /** With what a response repeats of its request (RFC 3261 8.2.6.2). */
    static SipMessage response(SipMessage request, int status, String phrase) {
        SipMessage response = new SipMessage("", "", status, phrase);
        for (String name : List.of("via", "from", "to", "call-id", "cseq", "record-route")) {
            if (!name.equals("record-route") || status < 300) {
                request.all(name).forEach(value -> response.add(name, value));
            }
        }
        return response;
    }

    // ---- reading

    /**
     * Reads the whole of the octets as one message; what follows a shorter body than that is passed over.
     *
     * @throws SipFailure where they are none
     */
    static SipMessage read(byte[] octets) throws SipFailure {
        int end = headEnd(octets);
        if (end < 0 || octets.length > LONGEST) {
            throw new SipFailure(400, "Bad Message");
        }
        String[] lines = new String(octets, 0, end, UTF_8).split("\r?\n", -1);
        SipMessage message = start(lines[0]);
        StringBuilder line = new StringBuilder();
        for (int i = 1; i < lines.length; i++) {
            boolean folded = !lines[i].isEmpty() && (lines[i].charAt(0) == ' ' || lines[i].charAt(0) == '\t');
            if (folded) {
                line.append(' ').append(lines[i].strip());
                continue;
            }
            message.header(line);
            line.setLength(0);
            line.append(lines[i]);
        }
        message.header(line);
        int bodyAt = bodyAt(octets, end);
        int there = octets.length - bodyAt;
        int length = message.contentLength().orElse(there);
        if (length > there) {
            throw new SipFailure(400, "Bad Content-Length");
        }
        message.body = new byte[length];
        System.arraycopy(octets, bodyAt, message.body, 0, length);
        return message;
    }

    /** Where the line end before the empty line is; -1 where there is none. */
    private static int headEnd(byte[] octets) {
        for (int i = 0; i + 1 < octets.length; i++) {
            if (octets[i] == '\n'
                    && (octets[i + 1] == '\n'
                            || (octets[i + 1] == '\r' && i + 2 < octets.length && octets[i + 2] == '\n'))) {
                return i > 0 && octets[i - 1] == '\r' ? i - 1 : i;
            }
        }
        return -1;
    }

    private static int bodyAt(byte[] octets, int headEnd) {
        int at = headEnd;
        for (int lines = 0; lines < 2; at++) {
            if (octets[at] == '\n') {
                lines++;
            }
        }
        return at;
    }

    private static SipMessage start(String line) throws SipFailure {
        if (line.startsWith("SIP/")) {
            String[] parts = line.split(" ", 3);
            int status = parts.length < 2 || !parts[0].equals(VERSION) ? 0 : number(parts[1], 699);
            if (status < 100) {
                throw new SipFailure(400, "Bad Status Line");
            }
            return new SipMessage("", "", status, parts.length < 3 ? "" : parts[2]);
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || parts[1].isEmpty()) {
            throw new SipFailure(400, "Bad Request Line");
        }
        if (!parts[2].equals(VERSION)) {
            throw new SipFailure(505, "Version Not Supported");
        }
        return new SipMessage(parts[0], parts[1], 0, "");
    }

    private void header(StringBuilder line) throws SipFailure {
        if (line.isEmpty()) {
            return;
        }
        int colon = line.indexOf(":");
        String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (!isToken(name) || value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F || c == 0xFFFD)) {
            throw new SipFailure(400, "Bad Header");
        }
        String whole = COMPACT.getOrDefault(name, name);
        for (String one : LISTS.contains(whole) ? split(value) : List.of(value)) {
            if (headers.size() == MOST_HEADERS) {
                throw new SipFailure(513, "Message Too Large");
            }
            headers.add(new Header(whole, one));
        }
    }

    /** At commas that are neither in quotes nor in angle brackets. */
    static List<String> split(String value) {
        List<String> found = new ArrayList<>();
        int from = 0;
        boolean quoted = false;
        boolean angled = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '<' || c == '>')) {
                angled = c == '<';
            } else if (c == ',' && !quoted && !angled) {
                found.add(value.substring(from, i).strip());
                from = i + 1;
            }
        }
        found.add(value.substring(from).strip());
        return found;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= 64
                && text.chars()
                        .allMatch(c -> (c >= '0' && c <= '9')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z')
                                || "-.!%*_+`'~".indexOf(c) >= 0);
    }

    /** @throws SipFailure where it is not digits alone, or above */
    static int number(String digits, int most) throws SipFailure {
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new SipFailure(400, "Bad Number");
        }
        long number = Long.parseLong(digits);
        if (number > most) {
            throw new SipFailure(400, "Bad Number");
        }
        return (int) number;
    }

    private Optional<Integer> contentLength() throws SipFailure {
        Optional<String> text = one("content-length");
        return text.isEmpty() ? Optional.empty() : Optional.of(number(text.get(), LONGEST));
    }

    /** Demands what every message has (RFC 3261 8.1.1), each once, and that they fit one another. */
    void check() throws SipFailure {
        for (String name : List.of("call-id", "from", "to", "cseq")) {
            if (all(name).size() != 1) {
                throw new SipFailure(400, "Bad " + name);
            }
        }
        SipVia.read(top("via"));
        if (top("call-id").length() > 256
                || from().parameters().getOrDefault("tag", "").length() > 128) {
            throw new SipFailure(400, "Bad Dialog");
        }
        to();
        cseq();
        if (isRequest() && !cseqMethod().equals(method)) {
            throw new SipFailure(400, "CSeq Method Mismatch");
        }
        if (all("max-forwards").size() > 1 || all("expires").size() > 1) {
            throw new SipFailure(400, "Bad Header");
        }
        if (isRequest() && number(one("max-forwards").orElse("70"), 255) == 0 && !method.equals("OPTIONS")) {
            throw new SipFailure(483, "Too Many Hops");
        }
    }

    // ---- what is in it

    boolean isRequest() {
        return status == 0;
    }

    /** Empty in a response. */
    String method() {
        return method;
    }

    String uri() {
        return uri;
    }

    /** 0 in a request. */
    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    /** @param name in lower case, long */
    List<String> all(String name) {
        return headers.stream()
                .filter(header -> header.name.equals(name))
                .map(Header::value)
                .toList();
    }

    Optional<String> one(String name) {
        return headers.stream()
                .filter(header -> header.name.equals(name))
                .map(Header::value)
                .findFirst();
    }

    /** The first of that name; empty text where there is none. */
    String top(String name) {
        return one(name).orElse("");
    }

    SipAddress from() throws SipFailure {
        return SipAddress.read(top("from"));
    }

    SipAddress to() throws SipFailure {
        return SipAddress.read(top("to"));
    }

    /** 0..2^31-1. */
    int cseq() throws SipFailure {
        String[] parts = top("cseq").split("[ \t]+", 2);
        return number(parts[0], Integer.MAX_VALUE);
    }

    String cseqMethod() {
        String[] parts = top("cseq").split("[ \t]+", 2);
        return parts.length < 2 ? "" : parts[1];
    }

    // ---- writing

    SipMessage add(String name, String value) {
        headers.add(new Header(name, value));
        return this;
    }

    SipMessage addFirst(String name, String value) {
        headers.addFirst(new Header(name, value));
        return this;
    }

    /** In the place of the first of that name, or at the end. */
    SipMessage set(String name, String value) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).name.equals(name)) {
                headers.set(i, new Header(name, value));
                return this;
            }
        }
        return add(name, value);
    }

    SipMessage body(String type, byte[] content) {
        body = content.clone();
        return set("content-type", type);
    }

    byte[] octets() {
        StringBuilder head = new StringBuilder(512);
        head.append(isRequest() ? method + ' ' + uri + ' ' + VERSION : VERSION + ' ' + status + ' ' + phrase)
                .append("\r\n");
        for (Header header : headers) {
            if (!header.name.equals("content-length")) {
                head.append(name(header.name)).append(": ").append(header.value).append("\r\n");
            }
        }
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length() + body.length);
        out.writeBytes(head.toString().getBytes(UTF_8));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static String name(String lower) {
        if (lower.equals("cseq")) {
            return "CSeq";
        }
        if (lower.equals("call-id")) {
            return "Call-ID";
        }
        if (lower.equals("www-authenticate")) {
            return "WWW-Authenticate";
        }
        StringBuilder name = new StringBuilder(lower);
        for (int i = 0; i < name.length(); i++) {
            if (i == 0 || name.charAt(i - 1) == '-') {
                name.setCharAt(i, Character.toUpperCase(name.charAt(i)));
            }
        }
        return name.toString();
    }

    /** What a log may show: no header has secrets there. */
    @Override
    public String toString() {
        return isRequest() ? method : status + " " + cseqMethod();
    }
}
