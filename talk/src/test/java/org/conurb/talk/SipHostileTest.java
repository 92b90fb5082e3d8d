package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A phone talks while others send what they should not. */
class SipHostileTest {
    /** Many more by {@code ./conurb bench hostile}. */
    static final int MUTATIONS = Integer.getInteger("conurb.mutations", 2_000);

    private SipSite site;
    private TestPhone desk;

    @BeforeEach
    void open() throws Exception {
        site = new SipSite();
        desk = site.phone("1001");
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(1);
        desk.info("application/dtmf", "*");
        assertThat(site.talks(SipSite.DESK)).isTrue();
    }

    @AfterEach
    void close() {
        desk.close();
        site.close();
    }

    private void callGoesOn() throws Exception {
        boolean heard = false;
        for (int i = 0; i < 100 && !heard; i++) { // the port's buffer may still be full of what came before
            desk.speak(33);
            site.door.size();
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            heard = site.dispatcher.heard().contains(33);
        }
        assertThat(heard).isTrue();
        assertThat(site.site.state(SipSite.GROUP).talkers()).containsExactly(SipSite.DESK);
    }

    @Test
    void mutationsOfMessagesLeaveTheCallAndNoMemory() throws Exception {
        SipDoor.Size before = site.door.size();
        Random random = new Random(7);
        List<byte[]> seeds = List.of(
                desk.request("REGISTER", "sip:alder").octets(),
                desk.request("INVITE", "sip:fire-ops-1@alder")
                        .body(SipSdp.TYPE, desk.opus())
                        .octets(),
                desk.request("OPTIONS", "sip:alder").octets(),
                SipMessageTest.PLAIN.getBytes(UTF_8));
        try (DatagramSocket thief = new DatagramSocket(0, TestPhone.LOCAL)) {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] bytes = SipMessageTest.mutated(seeds.get(i % seeds.size()), random);
                thief.send(new DatagramPacket(bytes, bytes.length, TestPhone.LOCAL, site.door.port()));
                if (i % 100 == 0) {
                    site.door.size(); // as quick as it takes them
                }
            }
        }
        for (int i = 0; i < 20; i++) {
            try (Socket stream = new Socket(TestPhone.LOCAL, site.door.port())) {
                stream.getOutputStream().write(SipMessageTest.mutated(seeds.get(i % seeds.size()), random));
            } catch (IOException closedOnUs) {
                assertThat(closedOnUs).isNotNull();
            }
        }

        callGoesOn();
        SipDoor.Size after = site.door.size();
        assertThat(after.devices()).isEqualTo(before.devices());
        assertThat(after.ports()).isEqualTo(before.ports());
        assertThat(after.transactions()).isLessThanOrEqualTo(before.transactions() + 5);
        assertThat(SipSite.eventually(() -> site.door.size().connections() == 0))
                .isTrue();
    }

    @Test
    void mutationsOfVoiceAndFloorLeaveTheCall() throws Exception {
        Random random = new Random(8);
        ByteBuffer rtp = ByteBuffer.allocate(32);
        rtp.putInt(0x80600001).putInt(960).putInt(desk.ssrc).put(new byte[20]);
        ByteBuffer release = ByteBuffer.allocate(FloorPackets.LONGEST);
        FloorPackets.write(
                new FloorPacket(desk.ssrc, false, new FloorMessage.Release(null, FloorIndicator.NONE)), release);
        byte[] floor = java.util.Arrays.copyOf(release.array(), release.position());
        try (DatagramSocket thief = new DatagramSocket(0, TestPhone.LOCAL)) {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] bytes = SipMessageTest.mutated(i % 2 == 0 ? rtp.array() : floor, random);
                thief.send(new DatagramPacket(bytes, bytes.length, TestPhone.LOCAL, desk.mediaPort));
                if (i % 2 == 1 && isControl(bytes)) { // of the phone's own address too, but not what became its voice
                    desk.media.send(new DatagramPacket(bytes, bytes.length, TestPhone.LOCAL, desk.mediaPort));
                }
            }
        }
        callGoesOn();
        assertThat(site.dispatcher.heard())
                .as("what the phone said, and nothing else")
                .isSubsetOf(1, 33);
    }

    /** As RFC 5761 tells RTCP from RTP. */
    private static boolean isControl(byte[] bytes) {
        return bytes.length > 1 && (bytes[1] & 0xff) >= 192 && (bytes[1] & 0xff) <= 223;
    }

    @Test
    void aFloodWithForgedCredentialsIsLimitedBeforeAnyDigest() throws Exception {
        long before = site.door.verified();
        try (TestPhone thief = new TestPhone(site.door.port(), "1001", "guess")) {
            SipMessage challenge = thief.ask(thief.request("REGISTER", "sip:alder"));
            for (int i = 0; i < 1_000; i++) {
                SipMessage guess = thief.request("REGISTER", "sip:alder");
                thief.send(guess.add("authorization", thief.credentials(guess, challenge)));
                if (i % 50 == 0) {
                    site.door.size();
                }
            }
            site.door.size();
        }
        long computed = site.door.verified() - before;

        assertThat(computed).isPositive().isLessThan(150); // a store of 60, and 10 a second
        callGoesOn();
    }

    @Test
    void aRequestOfTheCallFromAnotherAddressNeedsTheSecretAndOneOfAnotherDialogIsNone() throws Exception {
        SipMessage bye = desk.request("BYE", "sip:alder");
        SipMessage forged = SipMessage.request("BYE", bye.uri())
                .add("via", bye.top("via"))
                .add("from", bye.top("from"))
                .add("to", bye.top("to").replaceAll("tag=.*", "tag=guess"))
                .add("call-id", bye.top("call-id"))
                .add("cseq", bye.top("cseq"));
        assertThat(desk.ask(forged).status()).isEqualTo(481);
        callGoesOn();
    }

    @Test
    void connectionsOfOneAddressAreFewAndSilentOnesTakeNoTransaction() throws Exception {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 2 * SipSockets.MOST_OF_ONE; i++) {
            open.add(new Socket(TestPhone.LOCAL, site.door.port()));
        }
        assertThat(SipSite.eventually(() -> site.door.size().connections() == SipSockets.MOST_OF_ONE))
                .isTrue();
        for (Socket each : open) {
            each.close();
        }
        callGoesOn();
    }
}
