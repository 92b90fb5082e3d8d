package org.conurb.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of the SIP door: UDP and TCP on one, TLS on another. A virtual thread reads each connection. A connection of
 * somebody who has not shown who it is lasts half a minute, and there are {@link #MOST_OF_ONE} of one address, {@link #MOST}
 * in all; the next is closed at once.
 */
final class SipSockets implements AutoCloseable {
    static final int MOST = 1_024;
    static final int MOST_OF_ONE = 64;
    private static final Logger LOG = LoggerFactory.getLogger(SipSockets.class);
    private static final byte[] PONG = {'\r', '\n'};

    private final BiConsumer<SipFlow, byte[]> receiver;
    private final Set<SipStream> streams = ConcurrentHashMap.newKeySet();
    private final DatagramChannel udp;
    private final ServerSocket tcp;
    private final @Nullable ServerSocket tls;
    private volatile boolean closed;

    /** @param receiver told of each datagram and each framed message, on the reader's thread */
    SipSockets(
            InetAddress listen,
            int port,
            int tlsPort,
            Optional<SSLContext> context,
            BiConsumer<SipFlow, byte[]> receiver)
            throws IOException {
        this.receiver = receiver;
        this.udp = DatagramChannel.open(
                listen.getAddress().length == 4
                        ? java.net.StandardProtocolFamily.INET
                        : java.net.StandardProtocolFamily.INET6);
        this.tcp = new ServerSocket();
        try {
            tcp.bind(new InetSocketAddress(listen, port), 128);
            udp.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            udp.bind(new InetSocketAddress(listen, tcp.getLocalPort()));
            this.tls = context.isEmpty()
                    ? null
                    : context.get().getServerSocketFactory().createServerSocket(tlsPort, 128, listen);
        } catch (IOException e) {
            udp.close();
            tcp.close();
            throw e;
        }
    }

    void start() {
        Thread.ofVirtual().name("talk-sip-udp").start(this::datagrams);
        Thread.ofVirtual().name("talk-sip-tcp").start(() -> accept(tcp, "TCP"));
        if (tls != null) {
            ServerSocket secure = tls;
            Thread.ofVirtual().name("talk-sip-tls").start(() -> accept(secure, "TLS"));
        }
    }

    int port() {
        return tcp.getLocalPort();
    }

    /** 0 where there is none. */
    int tlsPort() {
        return tls == null ? 0 : tls.getLocalPort();
    }

    private final class Datagrams implements SipFlow {
        private final InetSocketAddress remote;

        Datagrams(InetSocketAddress remote) {
            this.remote = remote;
        }

        @Override
        public String transport() {
            return "UDP";
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
            try {
                udp.send(ByteBuffer.wrap(message), remote);
            } catch (IOException lost) {
                LOG.atDebug().log("talk.sip.unsent");
            }
        }

        @Override
        public void trust() {}

        @Override
        public void close() {}
    }

    private void datagrams() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        while (!closed) {
            try {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) udp.receive(buffer);
                buffer.flip();
                if (buffer.remaining() <= 4 || buffer.remaining() > SipMessage.LONGEST) {
                    continue; // a keep-alive of a phone behind a router, or too much
                }
                byte[] message = new byte[buffer.remaining()];
                buffer.get(message);
                receiver.accept(new Datagrams(from), message);
            } catch (IOException e) {
                if (!closed) {
                    LOG.atWarn().setCause(e).log("talk.sip.udp-failed");
                }
            }
        }
    }

    private void accept(ServerSocket door, String transport) {
        while (!closed) {
            try {
                Socket socket = door.accept();
                InetAddress address = socket.getInetAddress();
                long same = streams.stream()
                        .filter(stream -> stream.remote().getAddress().equals(address))
                        .count();
                if (streams.size() >= MOST || same >= MOST_OF_ONE) {
                    socket.close();
                    continue;
                }
                SipStream stream = new SipStream(socket, transport, System.nanoTime());
                streams.add(stream);
                Thread.ofVirtual().name("talk-sip-read").start(() -> read(stream));
            } catch (IOException e) {
                if (!closed) {
                    LOG.atDebug().setCause(e).log("talk.sip.not-accepted");
                }
            }
        }
    }

    private void read(SipStream stream) {
        try {
            stream.begin();
            SipFrames frames = new SipFrames(stream.input());
            for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
                if (next.get().length == 0) {
                    stream.send(PONG.clone());
                } else {
                    receiver.accept(stream, next.get());
                }
            }
        } catch (IOException over) {
            LOG.atDebug().addKeyValue("why", over.getMessage()).log("talk.sip.connection-closed");
        } finally {
            stream.close();
            streams.remove(stream);
        }
    }

    /** Ends connections of those who have not shown who they are in time. */
    void sweep() {
        long now = System.nanoTime();
        streams.stream().filter(stream -> stream.isOverdue(now)).forEach(SipStream::close);
    }

    int connections() {
        return streams.size();
    }

    @Override
    public void close() {
        closed = true;
        for (AutoCloseable each : Arrays.asList(udp, tcp, tls)) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                LOG.atDebug().setCause(e).log("talk.sip.close");
            }
        }
        streams.forEach(SipStream::close);
    }
}
