package org.conurb.media;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** One call of the system for each datagram, everywhere. */
final class ChannelUdpPort extends UdpPort {
    private static final int BATCH = 128;

    private final byte[] packet = new byte[SrtpScratch.MAX_PACKET];
    private final ByteBuffer in = ByteBuffer.allocateDirect(SrtpScratch.MAX_PACKET);
    private final ByteBuffer out = ByteBuffer.allocateDirect(SrtpScratch.MAX_PACKET);
    private final PeerAddress from = new PeerAddress();
    private TrafficMark marked = TrafficMark.NONE;
    private boolean refused;

    ChannelUdpPort(DatagramChannel channel) throws IOException {
        super(channel);
    }

    @Override
    void receive(Receiver receiver) throws IOException {
        for (int i = 0; i < BATCH; i++) {
            InetSocketAddress source = (InetSocketAddress) channel.receive(in.clear());
            if (source == null) {
                return;
            }
            if (in.flip().remaining() < SrtpScratch.MAX_PACKET) {
                int length = in.remaining();
                in.get(packet, 0, length);
                from.set(source);
                receiver.datagram(packet, length, from);
            }
        }
    }

    private void mark(TrafficMark mark) {
        marked = mark;
        try {
            channel.setOption(StandardSocketOptions.IP_TOS, mark.octet);
        } catch (IOException notHere) {
            refused = true;
        }
    }

    @Override
    void send(UdpPath to, byte[] bytes, int length, TrafficMark mark) {
        if (mark != marked && !refused) {
            mark(mark);
        }
        try {
            if (channel.send(out.clear().put(bytes, 0, length).flip(), to.remote) == 0) {
                drop(1);
            }
        } catch (IOException unreachable) {
            drop(1);
        }
    }

    @Override
    boolean flush() {
        return true;
    }
}
