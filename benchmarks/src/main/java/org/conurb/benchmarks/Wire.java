package org.conurb.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One keep-alive HTTP/1.1 connection that does as little as it can, since what it costs is taken from the server's cores;
 * it opens anew where the server closes it.
 */
final class Wire implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];

    private final URI site;
    private final String headers;
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private boolean open;
    private byte[] buffer = new byte[1 << 16];
    private int filled;
    private int read;
    private byte[] body = NOTHING;

    Wire(URI site, String token) {
        this.site = site;
        headers = " HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\n"
                .formatted(site.getHost(), site.getPort(), token);
    }

    /** @return the answer's status */
    int get(String target) throws IOException {
        return exchange("GET " + target + headers + "\r\n", NOTHING);
    }

    /** @return the answer's status */
    int send(String method, String target, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return exchange(
                method + " " + target + headers + "Content-Type: application/json\r\nContent-Length: " + bytes.length
                        + "\r\n\r\n",
                bytes);
    }

    /** The last answer's body. */
    String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** How often the last answer's body holds these bytes of ASCII. */
    int count(String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        int found = 0;
        for (int i = 0; i + wanted.length <= body.length; i++) {
            int n = 0;
            while (n < wanted.length && body[i + n] == wanted[n]) {
                n++;
            }
            found += n == wanted.length ? 1 : 0;
        }
        return found;
    }

    private int exchange(String head, byte[] bytes) throws IOException {
        byte[] message = new byte[head.length() + bytes.length];
        System.arraycopy(head.getBytes(StandardCharsets.ISO_8859_1), 0, message, 0, head.length());
        System.arraycopy(bytes, 0, message, head.length(), bytes.length);
        if (!open) {
            connect();
        }
        out.write(message);
        String first = line();
        int status = Integer.parseInt(first.substring(9, 12));
        int length = 0;
        boolean chunked = false;
        boolean close = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = Integer.parseInt(line.substring(colon + 1).strip());
            } else if (name.equals("transfer-encoding")) {
                chunked = true;
            } else if (name.equals("connection")) {
                close = line.endsWith("close");
            }
        }
        body = chunked ? chunks() : take(length);
        if (close) {
            close();
        }
        return status;
    }

    private void connect() throws IOException {
        socket = new Socket(site.getHost(), site.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        filled = 0;
        read = 0;
        open = true;
    }

    private byte[] chunks() throws IOException {
        byte[] all = NOTHING;
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            byte[] chunk = take(size);
            byte[] joined = Arrays.copyOf(all, all.length + size);
            System.arraycopy(chunk, 0, joined, all.length, size);
            all = joined;
            line();
        }
        line();
        return all;
    }

    private String line() throws IOException {
        int from = read;
        while (true) {
            for (int i = from; i + 1 < filled; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                    String line = new String(buffer, read, i - read, StandardCharsets.ISO_8859_1);
                    read = i + 2;
                    return line;
                }
            }
            from = more(from);
        }
    }

    private byte[] take(int length) throws IOException {
        while (filled - read < length) {
            more(filled);
        }
        byte[] taken = Arrays.copyOfRange(buffer, read, read + length);
        read += length;
        return taken;
    }

    /** Reads on; what was read before moves to the front, and with it the place given. */
    private int more(int place) throws IOException {
        int moved = read;
        System.arraycopy(buffer, read, buffer, 0, filled - read);
        filled -= read;
        read = 0;
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int n = in.read(buffer, filled, buffer.length - filled);
        if (n < 0) {
            throw new EOFException("The server closed the connection");
        }
        filled += n;
        return Math.max(0, place - moved - 1);
    }

    @Override
    public void close() throws IOException {
        open = false;
        socket.close();
    }
}
