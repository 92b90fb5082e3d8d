package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
import org.junit.jupiter.api.Test;

class FloorPacketsTest {
    private static final FloorIndicator NORMAL = new FloorIndicator(FloorIndicator.NORMAL | FloorIndicator.QUEUEING);

    /** One of each, as TsharkTest sees them too. */
    static List<FloorPacket> samples() {
        String id = "sip:engine-1@alder.example";
        String alias = "sip:commander@alder.example";
        List<FloorMessage> messages = List.of(
                new Request(200, NORMAL, id, alias),
                new Request(0, new FloorIndicator(FloorIndicator.EMERGENCY), null, null),
                new Granted(Duration.ofSeconds(30), 7, 0x12345678, NORMAL),
                new Granted(Duration.ZERO, 255, 0, new FloorIndicator(FloorIndicator.IMMINENT_PERIL)),
                new Taken(List.of(new GrantedParty(id, alias)), true, 65_535, 0x89ABCDEF, NORMAL),
                new Taken(
                        List.of(new GrantedParty(id, null)), false, 0, 0, new FloorIndicator(FloorIndicator.BROADCAST)),
                new Taken(
                        List.of(new GrantedParty(id, alias), new GrantedParty("tel:+15550100", null)),
                        true,
                        4,
                        0,
                        new FloorIndicator(FloorIndicator.NORMAL | FloorIndicator.MULTI_TALKER)),
                new Taken(List.of(), true, 5, 0, NORMAL),
                new Deny(DenyCause.QUEUE_FULL, "", NORMAL),
                new Deny(DenyCause.OTHER_REASON, "cancelled by a dispatcher", NORMAL),
                new Release(id, NORMAL),
                new Idle(17, NORMAL),
                new Revoke(RevokeCause.MEDIA_BURST_TOO_LONG, "", NORMAL),
                new Revoke(RevokeCause.OTHER_REASON, "auf Wunsch der Einsatzleitung – später", NORMAL),
                new QueuePositionRequest(id),
                new QueuePositionRequest(null),
                new QueuePositionInfo(1, 200, NORMAL),
                new QueuePositionInfo(QueuePositionInfo.NOT_QUEUED, 0, NORMAL),
                new Ack(Source.CONTROLLING_FUNCTION, 0x11),
                new ReleaseMultiTalker(new GrantedParty(id, alias), NORMAL));
        List<FloorPacket> packets = new ArrayList<>();
        for (FloorMessage message : messages) {
            packets.add(new FloorPacket(0xCAFE0001, false, message));
            if (FloorPacket.mayWantAck(message.subtype())) {
                packets.add(new FloorPacket(0xCAFE0002, true, message));
            }
        }
        return packets;
    }

    static byte[] bytes(FloorPacket packet) {
        ByteBuffer into = ByteBuffer.allocate(FloorPackets.LONGEST);
        FloorPackets.write(packet, into);
        byte[] bytes = new byte[into.position()];
        into.get(0, bytes);
        return bytes;
    }

    private static Optional<FloorPacket> read(byte[] bytes) {
        return FloorPackets.read(ByteBuffer.wrap(bytes));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void everyMessageComesBackAsItWent() {
        for (FloorPacket packet : samples()) {
            assertThat(bytes(packet).length % 4).isZero();
            assertThat(read(bytes(packet))).contains(packet);
        }
    }

    @Test
    void octetsAreThoseOfTheTables() {
        assertThat(HexFormat.of()
                        .formatHex(bytes(new FloorPacket(
                                1,
                                true,
                                new Granted(
                                        Duration.ofMillis(29_001),
                                        200,
                                        2,
                                        new FloorIndicator(FloorIndicator.EMERGENCY))))))
                .isEqualTo("91cc0007" + "00000001" + "4d435054" + "0102001e" + "0e06000000020000" + "0002c800"
                        + "0d021000");
        assertThat(HexFormat.of()
                        .formatHex(bytes(
                                new FloorPacket(1, false, new Deny(DenyCause.QUEUE_FULL, "x", FloorIndicator.NONE)))))
                .isEqualTo("83cc0005" + "00000001" + "4d435054" + "02030007" + "78000000" + "0d020000");
    }

    @Test
    void fieldsComeInAnyOrderAndUnknownOnesArePassedOver() {
        byte[] bytes = hex(
                "80cc000a 00000009 4d435054" // Floor Request
                        + " 0d021000" // indicator
                        + " 0b0501026162 63 00" // track info, which we do not read
                        + " c80005 0102030405" // a field of the kind with a long length
                        + " 63020000" // unknown
                        + " 0002ff00" // priority
                        + " 00020500"); // and again: the last counts
        assertThat(read(bytes))
                .contains(new FloorPacket(
                        9, false, new Request(5, new FloorIndicator(FloorIndicator.EMERGENCY), null, null)));
    }

    @Test
    void severalShareADatagramAndOthersAmongThemArePassedOver() {
        ByteBuffer datagram = ByteBuffer.allocate(2_000);
        FloorPackets.write(samples().get(0), datagram);
        datagram.put(hex("80c90001 00000001")); // a receiver report
        datagram.put(hex("80cc0002 00000001 4d435043")); // MCPC
        datagram.put(hex("87cc0002 00000001 4d435054")); // a subtype that is none
        datagram.put(hex("96cc0003 00000001 4d435054 02020001")); // Floor Revoke asks for no acknowledgement
        datagram.put(hex("a5cc0003 00000001 4d435054 00000004")); // padded
        FloorPackets.write(samples().get(4), datagram);
        datagram.flip();

        List<FloorPacket> found = new ArrayList<>();
        int rounds = 0;
        while (datagram.hasRemaining()) {
            FloorPackets.read(datagram).ifPresent(found::add);
            rounds++;
        }
        assertThat(found).containsExactly(samples().get(0), samples().get(4));
        assertThat(rounds).isEqualTo(7);
    }

    @Test
    void whatMakesNoSenseIsRefusedWhole() {
        for (String bad : List.of(
                "", // nothing
                "80", // no header
                "00cc0002 00000001 4d435054", // version 0
                "80cc0003 00000001 4d435054", // longer than the datagram
                "80cc0001 00000001", // no name
                "80cc0003 00000001 4d435054 0004ff00", // a field longer than its packet
                "80cc0003 00000001 4d435054 0000ff00", // a priority of no octets
                "81cc0003 00000001 4d435054 01010000", // a duration of one octet
                "81cc0003 00000001 4d435054 0e020001", // an SSRC of two
                "80cc0003 00000001 4d435054 c8001005", // long length, too long
                "80cc0003 00000001 4d435054 000000c8", // ends in the middle of a field's header
                "83cc0002 00000001 4d435054", // a denial without a cause
                "86cc0002 00000001 4d435054",
                "89cc0002 00000001 4d435054", // a position that is not told
                "8acc0002 00000001 4d435054",
                "8acc0004 00000001 4d435054 0a020009 0c020000", // from a source that is none
                "8fcc0002 00000001 4d435054",
                "82cc0004 00000001 4d435054 0f040203 41420000", // two users, and one
                "82cc0003 00000001 4d435054 0f000000")) {
            ByteBuffer in = ByteBuffer.wrap(hex(bad));
            boolean found = false;
            while (in.hasRemaining()) {
                found |= FloorPackets.read(in).isPresent();
            }
            assertThat(found).as(bad).isFalse();
        }
    }

    @Test
    void numbersThatThisReleaseDoesNotKnowAreOtherReasons() {
        assertThat(read(hex("83cc0003 00000001 4d435054 02021234")))
                .contains(new FloorPacket(1, false, new Deny(DenyCause.OTHER_REASON, "", FloorIndicator.NONE)));
        assertThat(read(hex("86cc0003 00000001 4d435054 02020007")))
                .contains(new FloorPacket(
                        1, false, new Revoke(RevokeCause.REVOKED_BY_ANOTHER_CLIENT, "", FloorIndicator.NONE)));
    }

    @Test
    void ofTalkersThatDoNotFitTheLatestAreTold() {
        List<GrantedParty> parties = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            parties.add(new GrantedParty("sip:unit-%02d@some.where.in.alder.example".formatted(i), "alias " + i));
        }
        FloorPacket packet = new FloorPacket(1, false, new Taken(parties, true, 1, 0, NORMAL));
        FloorPacket back = read(bytes(packet)).orElseThrow();
        List<GrantedParty> told = ((Taken) back.message()).parties();
        assertThat(told).hasSizeBetween(5, 8).isEqualTo(parties.subList(16 - told.size(), 16));
    }

    @Test
    void textsAreCutToWhatAFieldHolds() {
        String longText = "ä".repeat(200);
        FloorPacket back = read(bytes(new FloorPacket(1, false, new Deny(DenyCause.OTHER_REASON, longText, NORMAL))))
                .orElseThrow();
        assertThat(longText).startsWith(((Deny) back.message()).phrase());
        assertThat(((Deny) back.message()).phrase()).hasSize(126);
        FloorPacket request = read(bytes(new FloorPacket(1, false, new Request(1, NORMAL, longText, null))))
                .orElseThrow();
        assertThat(((Request) request.message()).userId()).isEqualTo("ä".repeat(127));
    }

    @Test
    void theLongestFitsItsBoundAndASmallBufferIsRefused() {
        String longest = "x".repeat(255);
        FloorMessage taken =
                new Taken(Collections.nCopies(16, new GrantedParty(longest.substring(2), longest)), true, 1, 1, NORMAL);
        assertThat(bytes(new FloorPacket(1, false, taken)).length).isLessThanOrEqualTo(FloorPackets.LONGEST);
        FloorPacket request = new FloorPacket(1, false, new Request(1, NORMAL, longest, longest));
        assertThat(bytes(request).length).isLessThanOrEqualTo(FloorPackets.LONGEST);
        assertThatThrownBy(() -> FloorPackets.write(request, ByteBuffer.allocate(100)))
                .isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void onlySomeAskForAnAcknowledgement() {
        assertThatThrownBy(() -> new FloorPacket(1, true, new QueuePositionRequest(null)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** 20,000 packets with changed octets, and as many of chance. */
    @Test
    void brokenOctetsAreRefusedOrReadAndWrittenAgainAlike() {
        Random random = new Random(8);
        List<byte[]> seeds = samples().stream().map(FloorPacketsTest::bytes).toList();
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = seeds.get(random.nextInt(seeds.size())).clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            readAll(mutated);
            byte[] chance = new byte[random.nextInt(64)];
            random.nextBytes(chance);
            readAll(chance);
        }
    }

    /** What is understood is what writing it gives again, but for what a field cannot hold. */
    static void readAll(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            int before = in.remaining();
            Optional<FloorPacket> packet = FloorPackets.read(in);
            assertThat(in.remaining()).isLessThan(before);
            packet.ifPresent(one -> {
                FloorPacket again = read(bytes(one)).orElseThrow();
                assertThat(read(bytes(again))).contains(again);
                assertThat(again.message().subtype()).isEqualTo(one.message().subtype());
            });
        }
    }
}
