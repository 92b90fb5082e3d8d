package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtpTest {
    private final RtpPacket packet = new RtpPacket();

    @Test
    void headerExtensionContributorsAndPaddingAreLeftOutOfThePayload() {
        ByteBuffer bytes = hex("B1 E0 1234 FFFFFFFE 0A0B0C0D  00000001  BEDE 0001 11223344  AABB 0002");
        bytes.put(0, (byte) 0xB1);
        assertThat(packet.wrap(bytes)).isTrue();
        assertThat(packet.marker()).isTrue();
        assertThat(packet.payloadType()).isEqualTo(96);
        assertThat(packet.sequence()).isEqualTo(0x1234);
        assertThat(packet.timestamp()).isEqualTo(0xFFFFFFFEL);
        assertThat(packet.ssrc()).isEqualTo(0x0A0B0C0D);
        assertThat(packet.payloadLength()).isEqualTo(2);
        assertThat(bytes.get(packet.payloadOffset())).isEqualTo((byte) 0xAA);
    }

    @Test
    void whatDoesNotFitIsNoPacket() {
        assertThat(packet.wrap(hex("80 60 0001 00000000 000000"))).isFalse();
        assertThat(packet.wrap(hex("40 60 0001 00000000 00000000"))).isFalse();
        assertThat(packet.wrap(hex("8F 60 0001 00000000 00000000"))).isFalse();
        assertThat(packet.wrap(hex("90 60 0001 00000000 00000000 BEDE"))).isFalse();
        assertThat(packet.wrap(hex("90 60 0001 00000000 00000000 BEDE0009"))).isFalse();
        assertThat(packet.wrap(hex("A0 60 0001 00000000 00000000 00000000"))).isFalse();
        assertThat(packet.wrap(hex("A0 60 0001 00000000 00000000 00000009"))).isFalse();
        assertThat(packet.payloadLength()).isZero();
        assertThat(packet.sequence()).isZero();
    }

    @Test
    void countersThatWrapAreUnwrappedInBothDirections() {
        Unwrapper sequences = Unwrapper.ofSequences();
        List<Long> all = new ArrayList<>();
        for (int n : new int[] {65_534, 65_535, 0, 65_535, 1, 2}) {
            all.add(sequences.unwrap(n));
        }
        assertThat(all).containsExactly(65_534L, 65_535L, 65_536L, 65_535L, 65_537L, 65_538L);
        Unwrapper times = Unwrapper.ofTimestamps();
        times.unwrap(0xFFFF_FF00L);
        assertThat(times.peek(0x100)).isEqualTo(0x1_0000_0100L);
        assertThat(times.unwrap(0xFFFF_FE00L)).isEqualTo(0xFFFF_FE00L);
    }

    @Test
    void randomBytesNeverThrow() {
        Random random = new Random(4);
        RtcpPacket rtcp = new RtcpPacket();
        int packets = 0;
        int compounds = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 3) {
                bytes[0] = (byte) (0x80 | bytes[0] & 0x3F);
                bytes[1] = (byte) (200 + (bytes[1] & 7));
                bytes[2] = 0;
                bytes[3] &= 0x0F;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            packets += packet.wrap(buffer) ? 1 : 0;
            if (rtcp.wrap(buffer)) {
                compounds++;
                read(rtcp);
            }
        }
        assertThat(packets).isPositive();
        assertThat(compounds).isPositive();
    }

    @Test
    void compoundRtcpIsWrittenAndRead() {
        ByteBuffer bytes = ByteBuffer.allocate(512);
        Instant now = Instant.parse("2026-03-01T08:00:00.250Z");
        RtcpWriter.senderReport(bytes, 7, RtcpWriter.ntp(now), 0xFFFF_FFFFL, 10, 1_000);
        RtcpWriter.receiverReport(bytes, 7, new RtcpWriter.ReceptionReport(8, 64, -2, 70_000, 5, 0x1234, 65_536));
        RtcpWriter.cname(bytes, 7, "conurb");
        RtcpWriter.pictureLoss(bytes, 7, 8);
        RtcpWriter.nack(bytes, 7, 8, 65_535, 0b101);
        RtcpWriter.bye(bytes, 7);
        RtcpPacket rtcp = new RtcpPacket();
        assertThat(rtcp.wrap(bytes.flip())).isTrue();
        assertThat(rtcp.next() && rtcp.isSenderReport()).isTrue();
        assertThat(RtcpWriter.instant(rtcp.ntpTime()).truncatedTo(ChronoUnit.MILLIS))
                .isEqualTo(now);
        assertThat(rtcp.rtpTime()).isEqualTo(0xFFFF_FFFFL);
        assertThat(rtcp.next() && rtcp.reports() == 1).isTrue();
        assertThat(List.of(rtcp.reportSource(0), rtcp.reportFractionLost(0), rtcp.reportLost(0)))
                .containsExactly(8, 64, -2);
        assertThat(rtcp.reportHighestSequence(0)).isEqualTo(70_000);
        assertThat(rtcp.reportDelay(0)).isEqualTo(65_536);
        assertThat(rtcp.next() && rtcp.cname().orElseThrow().equals("conurb")).isTrue();
        assertThat(rtcp.next() && rtcp.wantsKeyFrame()).isTrue();
        assertThat(rtcp.mediaSource()).isEqualTo(8);
        assertThat(rtcp.next() && rtcp.nacks() == 1).isTrue();
        assertThat(List.of(rtcp.nackSequence(0), rtcp.nackFollowing(0))).containsExactly(65_535, 5);
        assertThat(rtcp.next() && rtcp.type() == RtcpPacket.BYE).isTrue();
        assertThat(rtcp.next()).isFalse();
        assertThat(RtcpPacket.isRtcp(bytes)).isTrue();
    }

    static void read(RtcpPacket rtcp) {
        while (rtcp.next()) {
            rtcp.sender();
            rtcp.mediaSource();
            rtcp.wantsKeyFrame();
            rtcp.cname();
            if (rtcp.isSenderReport()) {
                rtcp.bytesSent();
            }
            for (int i = 0; i < rtcp.reports(); i++) {
                rtcp.reportDelay(i);
            }
            for (int i = 0; i < rtcp.nacks(); i++) {
                rtcp.nackFollowing(i);
            }
        }
    }

    static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
