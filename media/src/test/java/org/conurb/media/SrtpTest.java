package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void derivesTheKeysOfRfc3711AppendixB3() {
        SrtpKeys keys = new SrtpKeys(
                HEX.parseHex("e1f97a0d3e018be0d64fa32c06de4139"), HEX.parseHex("0ec675ad498afeebb6960b3aabe6"));

        assertThat(HEX.formatHex(keys.encryptionKey(false))).isEqualTo("c61e7a93744f39ee10734afe3ff7a087");
        assertThat(HEX.formatHex(keys.salt(false))).isEqualTo("30cbbc08863d8c85d49db34a9ae1");
        assertThat(HEX.formatHex(keys.authenticationKey(false))).isEqualTo("cebe321f6ff7716b6fd4ab49af256a156d38baa4");
    }

    @Test
    void protectsThePacketOfRfc7714Section16() {
        SrtpGcm.Direction direction = new SrtpGcm.Direction(
                HEX.parseHex("000102030405060708090a0b0c0d0e0f"), HEX.parseHex("517569642070726f2071756f"));
        SrtpGcm gcm = new SrtpGcm(direction, direction);
        String clear = "8040f17b8041f8d35501a0b2" + "47616c6c696120657374206f6d6e697320646976697361"
                + "20696e207061727465732074726573";
        byte[] packet = Arrays.copyOf(HEX.parseHex(clear), 200);

        int length = gcm.protectRtp(packet, clear.length() / 2, 12, 0xf17b);

        assertThat(HEX.formatHex(packet, 0, length))
                .isEqualTo("8040f17b8041f8d35501a0b2"
                        + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                        + "899d7f27beb16a9152cf765ee4390cce");
        assertThat(gcm.openRtp(packet, length, 12, 0xf17b)).isEqualTo(clear.length() / 2);
        assertThat(HEX.formatHex(packet, 0, clear.length() / 2)).isEqualTo(clear);
    }

    private static byte[] material(SrtpProfile profile) {
        byte[] material = new byte[profile.keyingMaterialLength()];
        new Random(3).nextBytes(material);
        return material;
    }

    private static byte[] rtp(Random random, int length) {
        byte[] packet = new byte[length + SrtpTransform.MAX_GROWTH];
        random.nextBytes(packet);
        packet[0] = (byte) 0x80;
        return packet;
    }

    @ParameterizedTest
    @EnumSource
    void whatOneSideProtectsTheOtherOpensAndAThirdDoesNot(SrtpProfile profile) {
        SrtpTransform sender = profile.transform(material(profile), true, new SrtpScratch());
        SrtpTransform receiver = profile.transform(material(profile), true, new SrtpScratch());
        SrtpTransform stranger = profile.transform(material(profile), false, new SrtpScratch());
        Random random = new Random(5);
        for (int length = 12; length < 1500; length += 7) {
            byte[] packet = rtp(random, length);
            byte[] before = Arrays.copyOf(packet, length);
            long index = random.nextLong(1L << 40);

            int wire = sender.protectRtp(packet, length, 12, index);

            assertThat(stranger.openRtp(packet.clone(), wire, 12, index)).isEqualTo(SrtpTransform.FORGED);
            assertThat(receiver.openRtp(packet.clone(), wire, 12, index + 65_536))
                    .isEqualTo(SrtpTransform.FORGED);
            byte[] forged = packet.clone();
            forged[random.nextInt(wire)] ^= 4;
            assertThat(receiver.openRtp(forged, wire, 12, index)).isEqualTo(SrtpTransform.FORGED);
            assertThat(receiver.openRtp(packet, wire, 12, index)).isEqualTo(length);
            assertThat(Arrays.copyOf(packet, length)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void controlPacketsToo(SrtpProfile profile) {
        SrtpTransform sender = profile.transform(material(profile), false, new SrtpScratch());
        SrtpTransform receiver = profile.transform(material(profile), false, new SrtpScratch());
        Random random = new Random(6);
        for (int length = 8; length < 600; length += 4) {
            byte[] packet = rtp(random, length);
            byte[] before = Arrays.copyOf(packet, length);

            int wire = sender.protectRtcp(packet, length, 77 + length);

            assertThat(receiver.rtcpIndex(packet, wire)).isEqualTo(77 + length);
            byte[] forged = packet.clone();
            forged[random.nextInt(wire)] ^= 4;
            assertThat(receiver.openRtcp(forged, wire)).isEqualTo(SrtpTransform.FORGED);
            assertThat(receiver.openRtcp(packet, wire)).isEqualTo(length);
            assertThat(Arrays.copyOf(packet, length)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shortAndRandomPacketsAreForged(SrtpProfile profile) {
        SrtpTransform receiver = profile.transform(material(profile), false, new SrtpScratch());
        Random random = new Random(8);
        for (int i = 0; i < 5_000; i++) {
            int length = random.nextInt(12, 80);
            byte[] packet = rtp(random, length);
            assertThat(receiver.openRtp(packet.clone(), length, 12, random.nextLong(1L << 48)))
                    .isEqualTo(SrtpTransform.FORGED);
            assertThat(receiver.openRtcp(packet, length)).isEqualTo(SrtpTransform.FORGED);
        }
    }

    @Test
    void aReplayWindowAdmitsEachIndexOnceAndNothingTooOld() {
        ReplayWindow window = new ReplayWindow();
        for (long index : new long[] {40_000, 40_002, 40_001, 41_023, 40_500}) {
            assertThat(window.admits(index)).isTrue();
            window.mark(index);
            assertThat(window.admits(index)).isFalse();
        }
        assertThat(window.admits(40_003)).isTrue();
        assertThat(window.admits(39_999)).isFalse();
        window.mark(1L << 40);
        assertThat(window.admits(41_024)).isFalse();
        assertThat(window.admits((1L << 40) - 1)).isTrue();
    }

    @Test
    void theNearestIndexIsTakenAcrossARollOver() {
        assertThat(RtpHeader.unwrap(65_530, 3)).isEqualTo(65_539);
        assertThat(RtpHeader.unwrap(65_539, 65_530)).isEqualTo(65_530);
        assertThat(RtpHeader.unwrap(10, 65_000)).isEqualTo(65_000);
    }
}
