package org.conurb.talk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** A connection. A virtual thread of its own writes, so that a peer that reads slowly holds up nobody; one that reads too slowly is closed. */
final class SipStream implements SipFlow {
    private static final long STRANGER_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int STRANGER_MILLIS = 30_000;
    private static final int QUIET_MILLIS = 900_000;
    private static final int WAITING = 64;

    private final Socket socket;
    private final String transport;
    private final InetSocketAddress remote;
    private final long opened;
    private final BlockingQueue<byte[]> out = new ArrayBlockingQueue<>(WAITING);
    private volatile boolean trusted;
    private volatile boolean closed;

    SipStream(Socket socket, String transport, long opened) {
        this.socket = socket;
        this.transport = transport;
        this.opened = opened;
        this.remote = (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /** On the reader's thread: TLS' handshake, then the writer. */
    void begin() throws IOException {
        socket.setSoTimeout(STRANGER_MILLIS);
        socket.setTcpNoDelay(true);
        if (socket instanceof SSLSocket secure) {
            secure.startHandshake();
        }
        OutputStream stream = socket.getOutputStream();
        Thread.ofVirtual().name("talk-sip-write").start(() -> write(stream));
    }

    private void write(OutputStream stream) {
        try {
            while (!closed) {
                byte[] next = out.poll(60, TimeUnit.SECONDS);
                if (next != null) {
                    stream.write(next);
                    stream.flush();
                }
            }
        } catch (IOException over) {
            close();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    boolean isOverdue(long now) {
        return !trusted && now - opened > STRANGER_NANOS;
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void send(byte[] message) {
        if (!closed && !out.offer(message)) {
            close();
        }
    }

    @Override
    public void trust() {
        if (!trusted) {
            trusted = true;
            try {
                socket.setSoTimeout(QUIET_MILLIS);
            } catch (IOException over) {
                close();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            closed = true;
        }
    }
}
