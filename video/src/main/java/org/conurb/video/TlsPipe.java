package org.conurb.video;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * TLS around a camera's connection (rtsps). What is sent before the handshake is done waits, 16 KB at most. Confined to its
 * loop.
 *
 * @see CameraTrust for who may answer
 */
final class TlsPipe {
    private static final int MOST_WAITING = 16 * 1024;

    private final SSLEngine engine;
    private final CameraTrust trust;
    private final ByteBuffer incoming;
    private final ByteBuffer plain;
    private final ByteBuffer outgoing;
    private final ByteBuffer waiting = ByteBuffer.allocate(MOST_WAITING);

    interface Out {
        void write(ByteBuffer bytes) throws IOException;
    }

    /** @param only the one certificate that the camera may show; without it the system's trust and the host's name count */
    TlsPipe(String host, int port, Optional<CertificatePin> only) throws IOException {
        trust = new CameraTrust(only);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            engine = context.createSSLEngine(host, port);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        engine.setUseClientMode(true);
        if (only.isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
        incoming = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        outgoing = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    }

    /** Why the handshake failed, for people. */
    RtspFailure failure() {
        return trust.refused()
                .map(shown -> RtspFailure.broken(
                        "shows a certificate that is not trusted for it, SHA-256 %s; where that is its own, set it as the camera's certificate"
                                .formatted(shown)))
                .orElseGet(() -> RtspFailure.broken("does not speak TLS as it should"));
    }

    void begin(Out out) throws IOException {
        engine.beginHandshake();
        step(out);
    }

    void send(ByteBuffer message, Out out) throws IOException {
        if (message.remaining() > waiting.remaining()) {
            throw new IOException("Too much waits for the handshake");
        }
        waiting.put(message);
        step(out);
    }

    /**
     * Reads what has come and puts what it says behind what {@code into} holds.
     *
     * @return -1 at the end of the stream
     */
    int read(ReadableByteChannel from, ByteBuffer into, Out out) throws IOException {
        int read = 0;
        int got;
        while (into.remaining() > plain.capacity() && (got = from.read(incoming)) != 0) {
            if (got < 0) {
                return read > 0 ? read : -1;
            }
            incoming.flip();
            int before = into.position();
            unwrap(into, out);
            incoming.compact();
            read += into.position() - before;
        }
        return read;
    }

    private void unwrap(ByteBuffer into, Out out) throws IOException {
        while (incoming.hasRemaining()) {
            plain.clear();
            SSLEngineResult result = engine.unwrap(incoming, plain);
            into.put(plain.flip());
            step(out);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new EOFException();
            }
            if (result.getStatus() != SSLEngineResult.Status.OK || result.bytesConsumed() == 0) {
                return;
            }
        }
    }

    /** Whatever the handshake wants to say, then what waits. */
    private void step(Out out) throws IOException {
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            } else if (status == HandshakeStatus.NEED_WRAP) {
                wrap(ByteBuffer.allocate(0), out);
            } else if (status == HandshakeStatus.NOT_HANDSHAKING && waiting.position() > 0) {
                waiting.flip();
                wrap(waiting, out);
                waiting.compact();
            } else {
                return;
            }
        }
    }

    private void wrap(ByteBuffer message, Out out) throws IOException {
        outgoing.clear();
        SSLEngineResult result = engine.wrap(message, outgoing);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new EOFException();
        }
        out.write(outgoing.flip());
    }
}
