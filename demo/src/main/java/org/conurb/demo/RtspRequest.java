package org.conurb.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of RTSP 1.0 (RFC 2326 §6).
 *
 * @param headers by name in lower case
 */
record RtspRequest(String method, String address, Map<String, String> headers) {
    static final int LONGEST = 8_192;

    /** What was sent is not RTSP, or too long. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Path of the address without its host. */
    String path() {
        String path = address.replaceFirst("^rtsps?://[^/]*", "");
        return path.isEmpty() ? "/" : path;
    }

    /** Takes the next request from the buffer, which is ready to be read; null until it is whole. */
    static @Nullable RtspRequest take(ByteBuffer in) throws Malformed {
        while (in.hasRemaining()) {
            if (in.get(in.position()) != '$') {
                return text(in);
            }
            if (in.remaining() < 4) {
                return null;
            }
            int length = in.getShort(in.position() + 2) & 0xffff;
            if (4 + length > LONGEST) {
                throw new Malformed();
            }
            if (in.remaining() < 4 + length) {
                return null;
            }
            in.position(in.position() + 4 + length); // the receiver's report
        }
        return null;
    }

    private static @Nullable RtspRequest text(ByteBuffer in) throws Malformed {
        int end = end(in);
        if (end < 0) {
            if (in.remaining() >= LONGEST) {
                throw new Malformed();
            }
            return null;
        }
        byte[] bytes = new byte[end - in.position()];
        in.get(in.position(), bytes);
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r?\n");
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[2].startsWith("RTSP/1.")) {
            throw new Malformed();
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        int body = body(headers);
        if (in.remaining() < bytes.length + body) {
            return null;
        }
        in.position(in.position() + bytes.length + body);
        return new RtspRequest(first[0], first[1], headers);
    }

    private static int body(Map<String, String> headers) throws Malformed {
        String length = headers.getOrDefault("content-length", "0");
        if (!length.matches("\\d{1,4}") || Integer.parseInt(length) > LONGEST / 2) {
            throw new Malformed();
        }
        return Integer.parseInt(length);
    }

    /** Behind the empty line; -1 where there is none yet. */
    private static int end(ByteBuffer in) {
        for (int i = in.position(); i + 1 < in.limit(); i++) {
            if (in.get(i) == '\n' && in.get(i + 1) == '\n') {
                return i + 2;
            }
            if (i + 3 < in.limit()
                    && in.get(i) == '\r'
                    && in.get(i + 1) == '\n'
                    && in.get(i + 2) == '\r'
                    && in.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }
}
