package org.conurb.talk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.conurb.media.RtpPacket;
import org.conurb.media.RtpSink;
import org.jspecify.annotations.Nullable;

/**
 * The media of one call with a phone, on a UDP port of its own. Takes voice from the address that was signalled, or from the
 * one that signals, as behind a router; from the first packet on only from where that came, and of one SSRC, until that has
 * been silent for {@link #SILENT_NANOS}. Sends nowhere else: to an address that does not signal only after something came
 * from it, so that nobody can have others flooded.
 */
final class SipLeg implements AutoCloseable {
    /** Octets of payload. */
    static final int LONGEST = 1_400;

    private static final int HEADER = 12;
    private static final int OPUS = 111;
    private static final int FRAME = 160;
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    /** So often a router on the way sees something (RFC 6263). */
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** 20 ms of nothing: a frame of CELT, full band, with no bits in it. */
    private static final byte[] OPUS_SILENCE = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

    private final DatagramChannel channel;
    private final int port;
    private final InetAddress signalling;
    private final SipCodec codec;
    private final int type;
    private final int keyType;
    private final Mouth mouth;
    private final SipKeyEvents keys;
    private final Consumer<FloorPacket> floor;
    private final VoiceProcess voices;
    private final int voiceIn;
    private final int voiceOut;
    private final Runnable onClose;
    private volatile InetSocketAddress signalled;
    private volatile @Nullable InetSocketAddress floorAddress;
    private volatile boolean sending = true;
    private volatile boolean closed;

    // of the media thread
    private final RtpPacket packet = new RtpPacket();
    private final ByteBuffer plain = ByteBuffer.allocate(HEADER + LONGEST);
    private final byte[] frame = new byte[FRAME];
    private int framed;
    private int frames;
    private volatile @Nullable InetSocketAddress latched;
    private boolean voiceKnown;
    private int voiceSsrc;
    private int floorSsrc;
    private boolean floorKnown;
    private volatile long heardAt;
    private volatile long refused;

    // of the voice process' reader
    private final ByteBuffer converted = ByteBuffer.allocate(HEADER + LONGEST);

    /** Guards the tones and its own state. */
    private final SipVoiceOut out;

    private final Queue<byte[]> tones = new ArrayDeque<>();
    private final int floorSender;

    /** @param described what the phone said of its media */
    record Wish(SipSdp described, SipCodec codec, InetAddress signalling, Mouth mouth) {}

    SipLeg(
            DatagramChannel channel,
            int port,
            Wish wish,
            int ssrc,
            SipKeyEvents.Keys keys,
            Consumer<FloorPacket> floor,
            VoiceProcess voices,
            Runnable onClose) {
        this.channel = channel;
        this.port = port;
        this.signalling = wish.signalling();
        this.codec = wish.codec();
        this.type = wish.described().type(codec);
        this.keyType = wish.described().keyEvents();
        this.mouth = wish.mouth();
        this.keys = new SipKeyEvents(keys);
        this.floor = floor;
        this.voices = voices;
        this.onClose = onClose;
        this.signalled = wish.described().address();
        this.floorSender = ssrc ^ 0x5a5a5a5a;
        this.out = new SipVoiceOut(ssrc, ssrc >>> 16 & 0x7FFF, ssrc, codec.ticksPerMilli());
        boolean convert = codec != SipCodec.OPUS;
        this.voiceIn = convert ? voices.open(this::spoken) : 0;
        this.voiceOut = convert ? voices.open(this::toBeHeard) : 0;
        describe(wish.described());
    }

    int port() {
        return port;
    }

    SipCodec codec() {
        return codec;
    }

    /** The phone has said anew how its media are: on hold, or elsewhere. */
    void describe(SipSdp description) {
        if (!description.address().equals(signalled)) {
            latched = null;
        }
        signalled = description.address();
        sending = description.receives();
        floorAddress = description.floor() < 0
                ? null
                : new InetSocketAddress(description.address().getAddress(), description.floorPort());
    }

    // ---- from the phone, on the media thread

    /** @param datagram overwritten after the call */
    void received(ByteBuffer datagram, InetSocketAddress from, long now) {
        if (datagram.remaining() < HEADER || closed) {
            return;
        }
        int second = datagram.get(datagram.position() + 1) & 0xFF;
        if (second >= 192 && second <= 223) {
            floor(datagram, from);
            return;
        }
        if (!packet.wrap(datagram) || !isOfPhone(from, now) || packet.payloadLength() > LONGEST) {
            refused = refused + 1;
            return;
        }
        int kind = packet.payloadType();
        if (kind != type && kind != keyType) {
            return;
        }
        if (voiceKnown && packet.ssrc() != voiceSsrc && now - heardAt < SILENT_NANOS) {
            refused = refused + 1;
            return;
        }
        voiceKnown = true;
        voiceSsrc = packet.ssrc();
        latched = from;
        heardAt = now;
        datagram.limit(packet.payloadEnd()).position(packet.payloadOffset());
        if (kind == keyType) {
            keys.take(datagram, packet.timestamp(), now);
        } else if (codec == SipCodec.OPUS) {
            plain.clear();
            header(plain, packet.marker(), packet.sequence(), (int) packet.timestamp(), packet.ssrc());
            mouth.rtp(plain.put(datagram).flip(), now);
        } else {
            convert(datagram, (int) packet.timestamp());
        }
    }

    private boolean isOfPhone(InetSocketAddress from, long now) {
        InetSocketAddress known = latched;
        if (known != null) {
            // A router that forgets gives the phone another port.
            boolean moved = now - heardAt > SILENT_NANOS
                    && from.getAddress().equals(known.getAddress())
                    && packet.ssrc() == voiceSsrc;
            return from.equals(known) || moved;
        }
        return from.equals(signalled) || from.getAddress().equals(signalling);
    }

    private static void header(ByteBuffer into, boolean mark, int sequence, int timestamp, int ssrc) {
        into.put((byte) 0x80).put((byte) (mark ? OPUS | 0x80 : OPUS));
        into.putShort((short) sequence).putInt(timestamp).putInt(ssrc);
    }

    /** Whole frames of 20 ms, whatever the phone's packets are. */
    private void convert(ByteBuffer payload, int timestamp) {
        int at = timestamp - framed;
        while (payload.hasRemaining()) {
            int part = Math.min(FRAME - framed, payload.remaining());
            payload.get(frame, framed, part);
            framed += part;
            if (framed == FRAME) {
                voices.toOpus(voiceIn, codec, frames++ & 0xFFFF, at * 6, frame.clone());
                framed = 0;
                at += FRAME;
            }
        }
    }

    private void spoken(int sequence, int timestamp, byte[] opus) {
        if (opus.length <= LONGEST && !closed) {
            converted.clear();
            header(converted, false, sequence, timestamp, voiceSsrc);
            mouth.rtp(converted.put(opus).flip(), System.nanoTime());
        }
    }

    private void floor(ByteBuffer datagram, InetSocketAddress from) {
        InetSocketAddress known = floorAddress;
        InetSocketAddress voice = latched;
        boolean ofPhone = known != null
                && (from.equals(known)
                        || from.equals(voice)
                        || (voice == null && !floorKnown && from.getAddress().equals(signalling)));
        if (!ofPhone) {
            refused = refused + 1;
            return;
        }
        while (datagram.hasRemaining()) {
            Optional<FloorPacket> read = FloorPackets.read(datagram);
            if (read.isEmpty()) {
                continue;
            }
            if (floorKnown && read.get().ssrc() != floorSsrc) {
                refused = refused + 1;
                continue;
            }
            floorKnown = true;
            floorSsrc = read.get().ssrc();
            floorAddress = from;
            floor.accept(read.get());
        }
    }

    /** Each 20 ms: tones, and what keeps the line open between talks. */
    void tick(long now) {
        keys.tick(now);
        synchronized (out) {
            boolean pause = !out.isFollowing() || now - out.sentAt() > PAUSE_NANOS;
            byte[] tone = tones.poll();
            if (tone != null) {
                send(out.own(type, false, ByteBuffer.wrap(tone), now));
            } else if (codec != SipCodec.OPUS && pause) {
                byte[] silence = new byte[FRAME];
                Arrays.fill(silence, G711.silence(codec));
                // One that has gone by is caught up on, so that the phone's clock and ours keep together.
                send(out.own(type, false, ByteBuffer.wrap(silence), now));
            } else if (codec == SipCodec.OPUS && now - out.sentAt() > KEEP_ALIVE_NANOS) {
                send(out.own(type, false, ByteBuffer.wrap(OPUS_SILENCE), now));
            }
        }
    }

    // ---- to the phone

    /** Where it hears, on the talker's thread. */
    RtpSink ear() {
        return (rtp, arrival) -> {
            int at = rtp.position();
            int payload = at + HEADER + 4 * (rtp.get(at) & 0xF);
            if ((rtp.get(at) & 0x10) != 0 && payload + 4 <= rtp.limit()) {
                payload += 4 + 4 * (rtp.getShort(payload + 2) & 0xFFFF);
            }
            if (payload >= rtp.limit() || rtp.limit() - payload > LONGEST || closed) {
                return;
            }
            int sequence = rtp.getShort(at + 2) & 0xFFFF;
            int timestamp = rtp.getInt(at + 4);
            ByteBuffer voice = rtp.duplicate().position(payload);
            if (codec == SipCodec.OPUS) {
                follow(rtp.getInt(at + 8), sequence, timestamp, voice, System.nanoTime());
            } else {
                byte[] opus = new byte[voice.remaining()];
                voice.get(opus);
                source = rtp.getInt(at + 8);
                voices.fromOpus(voiceOut, codec, sequence, Integer.divideUnsigned(timestamp, 6), opus);
            }
        };
    }

    private volatile int source;

    private void toBeHeard(int sequence, int timestamp, byte[] law) {
        follow(source, sequence, timestamp, ByteBuffer.wrap(law), System.nanoTime());
    }

    private void follow(int ssrc, int sequence, int timestamp, ByteBuffer payload, long now) {
        synchronized (out) {
            if (tones.isEmpty()) {
                send(out.follow(type, ssrc, sequence, timestamp, payload, now));
            }
        }
    }

    void play(SipTone tone) {
        synchronized (out) {
            tones.clear();
            tones.addAll(tone.packets(codec));
        }
    }

    boolean hasFloorChannel() {
        return floorAddress != null;
    }

    void tell(FloorMessage message, boolean ackWanted) {
        InetSocketAddress to = floorAddress;
        if (to == null || (!to.getAddress().equals(signalling) && latched == null)) {
            return;
        }
        ByteBuffer datagram = ByteBuffer.allocate(FloorPackets.LONGEST);
        FloorPackets.write(new FloorPacket(floorSender, ackWanted, message), datagram);
        deliver(datagram.flip(), to);
    }

    private void send(ByteBuffer rtp) {
        InetSocketAddress known = latched;
        InetSocketAddress to = known != null ? known : signalled;
        if (rtp.hasRemaining()
                && sending
                && (known != null || to.getAddress().equals(signalling))
                && to.getPort() > 0) {
            deliver(rtp, to);
        }
    }

    private void deliver(ByteBuffer datagram, InetSocketAddress to) {
        try {
            channel.send(datagram, to);
        } catch (IOException gone) {
            refused = refused + 1;
        }
    }

    /** Datagrams that were not of this phone, or no RTP. */
    long refused() {
        return refused;
    }

    /** When something of the phone last came; 0 for never. */
    long heardAt() {
        return heardAt;
    }

    DatagramChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (codec != SipCodec.OPUS) {
            voices.close(voiceIn);
            voices.close(voiceOut);
        }
        onClose.run();
    }
}
