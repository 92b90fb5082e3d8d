package org.conurb.talk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Messages out of a stream (RFC 3261 18.3). Holds one message at most, {@link SipMessage#LONGEST} octets, and takes memory
 * only for what has come.
 */
final class SipFrames {
    private final InputStream in;
    private byte[] buffer = new byte[2048];
    private int filled;

    SipFrames(InputStream in) {
        this.in = in;
    }

    /**
     * The next message, waited for. An empty one is a keep-alive: two line ends that want one back (RFC 5626 3.5.1).
     *
     * @return nothing at the stream's end
     * @throws IOException also where what comes is no message, after which there is no telling where the next begins
     */
    Optional<byte[]> next() throws IOException {
        int searched = 0;
        while (true) {
            if (filled >= 2 && buffer[0] == '\r' && buffer[1] == '\n') {
                if (filled < 4 && !fill()) {
                    return Optional.empty();
                }
                boolean ping = filled >= 4 && buffer[2] == '\r' && buffer[3] == '\n';
                drop(ping ? 4 : 2);
                if (ping) {
                    return Optional.of(new byte[0]);
                }
                searched = 0;
                continue;
            }
            int end = headEnd(Math.max(0, searched - 3));
            if (end > 0) {
                return whole(end);
            }
            searched = filled;
            if (!fill()) {
                return Optional.empty();
            }
        }
    }

    private Optional<byte[]> whole(int end) throws IOException {
        int length = end + contentLength(new String(buffer, 0, end, ISO_8859_1));
        if (length > SipMessage.LONGEST) {
            throw new IOException("A message of %d octets".formatted(length));
        }
        while (filled < length) {
            if (!fill()) {
                return Optional.empty();
            }
        }
        byte[] message = Arrays.copyOf(buffer, length);
        drop(length);
        return Optional.of(message);
    }

    private void drop(int octets) {
        System.arraycopy(buffer, octets, buffer, 0, filled - octets);
        filled -= octets;
    }

    private boolean fill() throws IOException {
        if (filled == buffer.length) {
            if (buffer.length >= SipMessage.LONGEST) {
                throw new IOException("A message without an end");
            }
            buffer = Arrays.copyOf(buffer, Math.min(SipMessage.LONGEST, buffer.length * 2));
        }
        int more = in.read(buffer, filled, buffer.length - filled);
        filled += Math.max(0, more);
        return more > 0;
    }

    private int headEnd(int from) {
        for (int i = from; i + 3 < filled; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static int contentLength(String head) throws IOException {
        int found = -1;
        for (String line : head.split("\r\n")) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (name.equals("content-length") || name.equals("l")) {
                try {
                    int length = SipMessage.number(line.substring(colon + 1).strip(), SipMessage.LONGEST);
                    if (found >= 0 && found != length) {
                        throw new IOException("Two lengths");
                    }
                    found = length;
                } catch (SipFailure notNumber) {
                    throw new IOException("A length that is none");
                }
            }
        }
        if (found < 0) {
            throw new IOException("A message without its length");
        }
        return found;
    }
}
