package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts the bytes of an RTSP connection into messages and interleaved packets (RFC 2326 §10.12). What is not whole yet
 * stays in the buffer; nothing is copied but messages. Bytes that are neither are skipped up to a bound, as some cameras
 * send a few between packets. Confined to its loop's thread.
 */
final class RtspFramer {
    /** Longest unit that is waited for: an interleaved packet with its four bytes of header. */
    static final int LONGEST = 65_539;

    private static final int LONGEST_HEAD = 16_384;
    private static final int LONGEST_BODY = 48 * 1024;
    private static final int MOST_HEADERS = 64;
    private static final int MOST_GARBAGE = 64 * 1024;

    private final Sink sink;
    private long garbage;

    interface Sink {
        /** @param packet from position to limit, valid during the call; its position may be moved */
        void interleaved(int channel, ByteBuffer packet) throws RtspFailure;

        void message(RtspAnswer message) throws RtspFailure;
    }

    RtspFramer(Sink sink) {
        this.sink = sink;
    }

    /** Bytes skipped since the connection began. */
    long garbage() {
        return garbage;
    }

    /**
     * Takes all whole units from {@code in}.
     *
     * @param in big-endian; on return from its position on is the start of a unit that is not whole
     */
    void take(ByteBuffer in) throws RtspFailure {
        while (in.hasRemaining()) {
            int first = in.get(in.position());
            boolean went;
            if (first == '$') {
                went = packet(in);
            } else if (first >= 'A' && first <= 'Z') {
                went = message(in);
            } else {
                skip(in);
                went = true;
            }
            if (!went) {
                return;
            }
        }
    }

    private boolean packet(ByteBuffer in) throws RtspFailure {
        if (in.remaining() < 4) {
            return false;
        }
        int start = in.position();
        int length = in.getShort(start + 2) & 0xFFFF;
        if (in.remaining() >= 5 && !plausible(in.get(start + 4))) {
            skip(in);
            return true;
        }
        if (in.remaining() < 4 + length) {
            return false;
        }
        int limit = in.limit();
        int end = start + 4 + length;
        in.limit(end).position(start + 4);
        try {
            sink.interleaved(in.get(start + 1) & 0xFF, in);
        } finally {
            in.limit(limit).position(end);
        }
        return true;
    }

    /** RTP and RTCP are of version 2 (RFC 3550 §5.1). */
    private static boolean plausible(byte first) {
        return (first & 0xC0) == 0x80;
    }

    private void skip(ByteBuffer in) throws RtspFailure {
        int from = in.position();
        int at = from + 1;
        while (at < in.limit() && in.get(at) != '$' && in.get(at) != 'R') {
            at++;
        }
        garbage += at - from;
        in.position(at);
        if (garbage > MOST_GARBAGE) {
            throw RtspFailure.broken("sends what is neither RTSP nor RTP");
        }
    }

    private boolean message(ByteBuffer in) throws RtspFailure {
        int start = in.position();
        if (!looksLikeMessage(in)) {
            skip(in);
            return true;
        }
        int head = headLength(in);
        if (head < 0) {
            if (in.remaining() > LONGEST_HEAD) {
                throw RtspFailure.broken("sends a header without an end");
            }
            return false;
        }
        byte[] text = new byte[head];
        in.get(start, text);
        List<String> lines = lines(text);
        Map<String, List<String>> headers = headers(lines);
        int length = bodyLength(headers);
        if (in.remaining() < head + length) {
            return false;
        }
        byte[] body = new byte[length];
        in.get(start + head, body);
        in.position(start + head + length);
        sink.message(startLine(lines.getFirst(), headers, body));
        return true;
    }

    /** Capitals, and for an answer RTSP/: so that text cut off by a broken camera does not stop the packets behind it. */
    private static boolean looksLikeMessage(ByteBuffer in) {
        int start = in.position();
        int n = Math.min(in.remaining(), 20);
        for (int i = 0; i < n; i++) {
            byte c = in.get(start + i);
            if (c == ' ' || c == '/') {
                return i >= 3;
            }
            if (!(c >= 'A' && c <= 'Z') && c != '_') {
                return false;
            }
        }
        return n < 20;
    }

    /** @return length with the empty line, -1 where the empty line is not there yet */
    private static int headLength(ByteBuffer in) {
        int start = in.position();
        int end = Math.min(in.limit(), start + LONGEST_HEAD);
        for (int i = start + 1; i < end; i++) {
            if (in.get(i) == '\n'
                    && (in.get(i - 1) == '\n' || (i >= start + 2 && in.get(i - 1) == '\r' && in.get(i - 2) == '\n'))) {
                return i + 1 - start;
            }
        }
        return -1;
    }

    private static List<String> lines(byte[] head) throws RtspFailure {
        List<String> lines = new ArrayList<>();
        for (String line : new String(head, UTF_8).split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break;
            }
            boolean folded = (line.charAt(0) == ' ' || line.charAt(0) == '\t') && !lines.isEmpty();
            if (folded) {
                lines.set(lines.size() - 1, lines.getLast() + ' ' + line.strip());
            } else {
                lines.add(line);
            }
            if (lines.size() > MOST_HEADERS) {
                throw RtspFailure.broken("sends too many headers");
            }
        }
        if (lines.isEmpty()) {
            throw RtspFailure.broken("sends an empty message");
        }
        return lines;
    }

    private static Map<String, List<String>> headers(List<String> lines) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(
                                line.substring(0, colon).strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static int bodyLength(Map<String, List<String>> headers) throws RtspFailure {
        List<String> values = headers.get("content-length");
        if (values == null) {
            return 0;
        }
        int length = RtspAnswer.number(values.getFirst());
        if (length < 0 || length > LONGEST_BODY) {
            throw RtspFailure.broken("announces a body of impossible length");
        }
        return length;
    }

    private static RtspAnswer startLine(String line, Map<String, List<String>> headers, byte[] body)
            throws RtspFailure {
        String[] words = line.split(" ", 3);
        if (words[0].startsWith("RTSP/") && words.length >= 2) {
            int status = RtspAnswer.number(words[1]);
            if (status < 100 || status > 599) {
                throw RtspFailure.broken("sends an answer without a status");
            }
            return new RtspAnswer(status, "", headers, body);
        }
        return new RtspAnswer(0, words[0], headers, body);
    }
}
