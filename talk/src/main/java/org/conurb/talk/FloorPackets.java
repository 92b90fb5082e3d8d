package org.conurb.talk;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.conurb.talk.FloorMessage.Ack;
import org.conurb.talk.FloorMessage.Deny;
import org.conurb.talk.FloorMessage.Granted;
import org.conurb.talk.FloorMessage.Idle;
import org.conurb.talk.FloorMessage.QueuePositionInfo;
import org.conurb.talk.FloorMessage.QueuePositionRequest;
import org.conurb.talk.FloorMessage.Release;
import org.conurb.talk.FloorMessage.ReleaseMultiTalker;
import org.conurb.talk.FloorMessage.Request;
import org.conurb.talk.FloorMessage.Revoke;
import org.conurb.talk.FloorMessage.Source;
import org.conurb.talk.FloorMessage.Taken;

/**
 * Floor messages as RTCP APP packets named {@code MCPT} (TS 24.380 8.1 and 8.2). Each is a packet of its own, never part of
 * a compound; several may share a datagram. Buffers are in network order. Written are the fields that mean something here; read are those of all
 * releases, and what is unknown is passed over.
 */
final class FloorPackets {
    /** No message that we write is longer, in octets. */
    static final int LONGEST = 1_024;

    private static final int APP = 204;
    private static final int MCPT = 'M' << 24 | 'C' << 16 | 'P' << 8 | 'T';
    private static final int HEADER = 12;

    private FloorPackets() {}

    /**
     * Appends one packet.
     *
     * @throws java.nio.BufferOverflowException where it does not fit
     */
    static void write(FloorPacket packet, ByteBuffer into) {
        int at = into.position();
        into.putInt(0).putInt(packet.ssrc()).putInt(MCPT);
        fields(packet.message(), new FloorFieldWriter(into));
        int words = (into.position() - at) / 4 - 1;
        into.putInt(at, 0x8000_0000 | packet.subtype() << 24 | APP << 16 | words);
    }

    private static void fields(FloorMessage message, FloorFieldWriter out) {
        switch (message) {
            case Request request -> {
                out.octets(FloorField.PRIORITY, request.priority(), 0);
                out.text(FloorField.USER_ID, request.userId());
                out.indicator(request.indicator());
                out.text(FloorField.FUNCTIONAL_ALIAS, request.functionalAlias());
            }
            case Granted granted -> {
                if (granted.talkFor().isPositive()) {
                    out.number(FloorField.DURATION, seconds(granted.talkFor()));
                }
                out.ssrc(granted.ssrc());
                out.octets(FloorField.PRIORITY, granted.priority(), 0);
                out.indicator(granted.indicator());
            }
            case Taken taken -> {
                out.parties(taken.parties());
                out.number(FloorField.PERMISSION, taken.mayRequest() ? 1 : 0);
                out.number(FloorField.SEQUENCE, taken.sequence());
                out.indicator(taken.indicator());
                out.ssrc(taken.ssrc());
            }
            case Deny deny -> {
                out.cause(deny.cause().code(), deny.phrase());
                out.indicator(deny.indicator());
            }
            case Release release -> {
                out.text(FloorField.USER_ID, release.userId());
                out.indicator(release.indicator());
            }
            case Idle idle -> {
                out.number(FloorField.SEQUENCE, idle.sequence());
                out.indicator(idle.indicator());
            }
            case Revoke revoke -> {
                out.cause(revoke.cause().code(), revoke.phrase());
                out.indicator(revoke.indicator());
            }
            case QueuePositionRequest request -> out.text(FloorField.USER_ID, request.userId());
            case QueuePositionInfo info -> {
                out.octets(FloorField.QUEUE_INFO, info.position(), info.priority());
                out.indicator(info.indicator());
            }
            case Ack ack -> {
                out.number(FloorField.SOURCE, ack.source().code());
                out.octets(FloorField.MESSAGE_TYPE, ack.acknowledged(), 0);
            }
            case ReleaseMultiTalker release -> {
                out.text(FloorField.USER_ID, release.party().mcpttId());
                out.text(FloorField.FUNCTIONAL_ALIAS, release.party().functionalAlias());
                out.indicator(release.indicator());
            }
        }
    }

    private static int seconds(Duration talkFor) {
        return (int) Math.min(0xFFFF, Math.ceilDiv(Math.min(talkFor.toMillis(), Integer.MAX_VALUE), 1_000L));
    }

    /**
     * Reads one RTCP packet and goes past it; past everything where its length is wrong. To be called again while
     * something remains.
     *
     * @return nothing where it is no floor message, or not one that makes sense
     */
    static Optional<FloorPacket> read(ByteBuffer in) {
        int at = in.position();
        int length = in.remaining() < 4 ? Integer.MAX_VALUE : 4 + 4 * (in.getShort(at + 2) & 0xFFFF);
        if (length > in.remaining() || (in.get(at) & 0xC0) != 0x80) {
            in.position(in.limit());
            return Optional.empty();
        }
        in.position(at + length);
        boolean padded = (in.get(at) & 0x20) != 0;
        if ((in.get(at + 1) & 0xFF) != APP || padded || length < HEADER || in.getInt(at + 8) != MCPT) {
            return Optional.empty();
        }
        int subtype = in.get(at) & 0x1F;
        boolean ackWanted = (subtype & FloorPacket.ACK_BIT) != 0;
        int ssrc = in.getInt(at + 4);
        FloorFieldReader fields = new FloorFieldReader();
        if ((ackWanted && !FloorPacket.mayWantAck(subtype & 0xF)) || !fields.read(in, at + HEADER, at + length)) {
            return Optional.empty();
        }
        return message(subtype & 0xF, fields).map(message -> new FloorPacket(ssrc, ackWanted, message));
    }

    private static Optional<FloorMessage> message(int subtype, FloorFieldReader in) {
        return switch (subtype) {
            case 0 -> Optional.of(new Request(in.priority, in.indicator(), in.userId, in.functionalAlias()));
            case 1 -> Optional.of(new Granted(Duration.ofSeconds(in.duration), in.priority, in.ssrc, in.indicator()));
            case 2 -> Optional.of(new Taken(in.parties(), in.permission != 0, in.sequence, in.ssrc, in.indicator()));
            case 3 ->
                in.cause < 0
                        ? Optional.empty()
                        : Optional.of(new Deny(DenyCause.of(in.cause), in.phrase, in.indicator()));
            case 4 -> Optional.of(new Release(in.userId, in.indicator()));
            case 5 -> Optional.of(new Idle(in.sequence, in.indicator()));
            case 6 ->
                in.cause < 0
                        ? Optional.empty()
                        : Optional.of(new Revoke(RevokeCause.of(in.cause), in.phrase, in.indicator()));
            case 8 -> Optional.of(new QueuePositionRequest(in.userId));
            case 9 ->
                in.position < 0
                        ? Optional.empty()
                        : Optional.of(new QueuePositionInfo(in.position, in.queuePriority, in.indicator()));
            case 10 ->
                in.messageType < 0
                        ? Optional.empty()
                        : Source.of(in.source).map(source -> new Ack(source, in.messageType));
            case 15 ->
                in.userId == null
                        ? Optional.empty()
                        : Optional.of(new ReleaseMultiTalker(
                                new GrantedParty(in.userId, in.functionalAlias()), in.indicator()));
            default -> Optional.empty();
        };
    }
}
