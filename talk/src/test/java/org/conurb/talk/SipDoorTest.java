package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipDoorTest {
    private SipSite site;
    private TestPhone desk;

    @BeforeEach
    void open() throws IOException {
        site = new SipSite();
        desk = site.phone("1001");
    }

    @AfterEach
    void close() {
        desk.close();
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-256", "MD5"})
    void aPhoneRegistersByDigestAndSha256IsOfferedFirst(String algorithm) throws Exception {
        desk.algorithm = algorithm;
        SipMessage first = desk.request("REGISTER", "sip:alder").add("expires", "120");
        SipMessage challenge = desk.ask(first);
        SipMessage answer = desk.ask(desk.again(first, challenge));

        assertThat(challenge.status()).isEqualTo(401);
        assertThat(challenge.all("www-authenticate").getFirst()).contains("algorithm=SHA-256");
        assertThat(challenge.all("www-authenticate").getLast()).contains("algorithm=MD5");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.top("contact")).contains("1001@127.0.0.1").endsWith(";expires=120");
        assertThat(site.site.connected().join()).contains(SipSite.DESK);
    }

    @Test
    void aNameOfAnOldPhoneIsAskedByMd5AloneWhetherThereIsOneOrNot() throws Exception {
        try (TestPhone old = site.phone("0001");
                TestPhone none = site.phone("0999")) {
            SipMessage asked = old.ask(old.request("REGISTER", "sip:alder"));
            assertThat(asked.all("www-authenticate")).singleElement().asString().contains("algorithm=MD5");
            assertThat(none.ask(none.request("REGISTER", "sip:alder")).all("www-authenticate"))
                    .hasSize(1);
        }
    }

    @Test
    void whoGoesIsNoLongerConnected() throws Exception {
        desk.register();
        SipMessage gone = desk.signedIn(
                desk.request("REGISTER", "sip:alder").set("contact", "*").add("expires", "0"));

        assertThat(gone.status()).isEqualTo(200);
        assertThat(SipSite.eventually(() -> !site.site.connected().join().contains(SipSite.DESK)))
                .isTrue();
    }

    @Test
    void noAccountAndAWrongSecretReadAlike() throws Exception {
        try (TestPhone nobody = site.phone("9999");
                TestPhone wrong = new TestPhone(site.door.port(), "1001", "guess")) {
            SipMessage unknown = nobody.register();
            SipMessage refused = wrong.register();

            assertThat(unknown.status()).isEqualTo(401);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(shape(unknown)).isEqualTo(shape(refused));
        }
    }

    private static String shape(SipMessage answer) {
        return new String(answer.octets(), java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll("9999|1001", "USER")
                .replaceAll("nonce=\"[^\"]+\"", "")
                .replaceAll("(?m)^(Via|From|To|Call-ID|CSeq): .*$", "$1");
    }

    @Test
    void credentialsAreGoodOnceAndOfThisRequestOnly() throws Exception {
        SipMessage first = desk.request("REGISTER", "sip:alder").add("expires", "120");
        SipMessage challenge = desk.ask(first);
        SipMessage good = desk.again(first, challenge);
        assertThat(desk.ask(good).status()).isEqualTo(200);
        SipMessage replayed = desk.request("REGISTER", "sip:alder")
                .set("contact", "<sip:thief@127.0.0.1:9>")
                .add("authorization", good.top("authorization"));
        SipMessage answer = desk.ask(replayed);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.top("www-authenticate")).contains("stale=true");
        SipMessage moved =
                desk.request("INVITE", "sip:fire-ops-1@alder").add("authorization", good.top("authorization"));
        SipMessage refused = desk.ask(moved);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.top("www-authenticate")).doesNotContain("stale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fire-ops-1", "0197a000-0000-7000-8000-000000000001"})
    void aPhoneCallsAGroupAndHearsIt(String dialled) throws Exception {
        desk.register();
        SipMessage answer = desk.call(dialled, desk.opus());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("a=rtpmap:96 opus/48000/2", "a=rtpmap:97 telephone-event/48000", "a=sendrecv");

        site.site.request(site.dispatcher, SipSite.GROUP, 100, Urgency.ROUTINE);
        assertThat(site.talks(SipSite.DISPATCH)).isTrue();
        site.dispatcher.speak(77, 1);
        byte[] heard = desk.hear();

        assertThat(heard).isNotNull();
        assertThat(heard[1] & 0x7F).isEqualTo(96);
        assertThat(heard[12]).isEqualTo((byte) 77);
    }

    @Test
    void aGroupThatOneIsNoMemberOfReadsLikeNone() throws Exception {
        desk.register();
        assertThat(desk.call("police-ops", desk.opus()).status()).isEqualTo(404);
        desk.cseq += 5;
        assertThat(desk.call("nobody-at-all", desk.opus()).status()).isEqualTo(404);
    }

    @Test
    void theStarIsTheKeyByInfo() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(9);
        assertThat(desk.info("application/dtmf-relay", "Signal=*\r\nDuration=160\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(site.talks(SipSite.DESK)).isTrue();
        desk.speak(5);
        assertThat(SipSite.eventually(() -> site.dispatcher.heard().contains(5)))
                .isTrue();
        assertThat(site.dispatcher.heard()).doesNotContain(9);
        assertThat(desk.info("application/dtmf", "#").status()).isEqualTo(200);
        assertThat(site.isQuiet()).isTrue();
    }

    @Test
    void theStarIsTheKeyByTelephoneEventPressedTwiceOrHeld() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(1);
        desk.key(SipKey.STAR, 0);
        assertThat(site.talks(SipSite.DESK)).isTrue();
        desk.key(SipKey.STAR, 0);
        assertThat(site.isQuiet()).isTrue();
        desk.key(SipKey.STAR, 800);
        assertThat(site.isQuiet()).isTrue();
        assertThat(SipSite.eventually(() -> site.talks.size() == 2)).isTrue();
    }

    @Test
    void aToneTellsThatOneMaySpeak() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(1);
        desk.info("application/dtmf", "*");
        List<byte[]> tone = SipTone.GRANTED.packets(SipCodec.OPUS);

        assertThat(tone).hasSize(8);
        int before = -1;
        for (byte[] each : tone) {
            byte[] heard = desk.hear();
            assertThat(heard).isNotNull();
            assertThat(java.util.Arrays.copyOfRange(heard, 12, heard.length)).isEqualTo(each);
            int sequence = ByteBuffer.wrap(heard).getShort(2) & 0xFFFF;
            assertThat(before < 0 || sequence == before + 1).isTrue();
            before = sequence;
        }
    }

    @Test
    void oneStreamGoesOnAcrossTalkersAndTones() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(1);
        site.site.request(site.dispatcher, SipSite.GROUP, 100, Urgency.ROUTINE);
        site.talks(SipSite.DISPATCH);
        site.dispatcher.speak(1, 500);
        site.dispatcher.speak(2, 502);
        ByteBuffer first = ByteBuffer.wrap(desk.hear());
        ByteBuffer second = ByteBuffer.wrap(desk.hear());
        site.site.release(site.dispatcher, SipSite.GROUP);
        site.isQuiet();
        desk.info("application/dtmf", "*");
        ByteBuffer tone = ByteBuffer.wrap(desk.hear());

        assertThat(second.getShort(2) - first.getShort(2)).isEqualTo(2);
        assertThat(second.getInt(4) - first.getInt(4)).isEqualTo(2 * 960);
        assertThat((short) (tone.getShort(2) - second.getShort(2))).isEqualTo((short) 1);
        assertThat(tone.getInt(4) - second.getInt(4)).isPositive();
        assertThat(List.of(first.getInt(8), second.getInt(8), tone.getInt(8))).containsOnly(first.getInt(8));
    }

    @Test
    void voiceOfAnotherAddressOrSourceChangesNothing() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(1);
        TimeUnit.MILLISECONDS.sleep(200); // it goes another way than the key
        desk.info("application/dtmf", "*");
        assertThat(site.talks(SipSite.DESK)).isTrue();
        desk.speak(2);
        SipSite.eventually(() -> site.dispatcher.heard().contains(2));
        try (DatagramSocket thief = new DatagramSocket(0, TestPhone.LOCAL)) {
            desk.rtp(thief, 96, new byte[] {66, 1, 1});
            desk.rtp(thief, 97, new byte[] {11, (byte) 0x8A, 0, 10});
        }
        desk.ssrc++;
        desk.speak(67);
        desk.ssrc--;
        desk.speak(3);

        assertThat(SipSite.eventually(() -> site.dispatcher.heard().contains(3)))
                .isTrue();
        assertThat(site.dispatcher.heard()).containsExactly(2, 3);
        assertThat(site.talks(SipSite.DESK)).isTrue();
    }

    @Test
    void byeEndsIt() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.info("application/dtmf", "*");
        assertThat(site.talks(SipSite.DESK)).isTrue();
        assertThat(desk.ask(desk.request("BYE", "sip:alder")).status()).isEqualTo(200);

        assertThat(site.isQuiet()).isTrue();
        assertThat(site.door.size().ports()).isZero();
    }

    @Test
    void onHoldOneNeitherTalksNorHears() throws Exception {
        desk.register();
        desk.call("fire-ops-1", desk.opus());
        desk.speak(1);
        desk.info("application/dtmf", "*");
        site.talks(SipSite.DESK);
        SipMessage hold = desk.request("INVITE", "sip:alder").body(SipSdp.TYPE, desk.opus("a=sendonly"));
        SipMessage held = desk.ask(hold);
        desk.acknowledge(hold, held);
        assertThat(held.status()).isEqualTo(200);
        assertThat(new String(held.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("a=recvonly");
        assertThat(site.isQuiet()).isTrue();
        site.site.request(site.dispatcher, SipSite.GROUP, 100, Urgency.ROUTINE);
        site.talks(SipSite.DISPATCH);
        site.dispatcher.speak(7, 1);
        SipMessage update = desk.request("UPDATE", "sip:alder").body(SipSdp.TYPE, desk.opus());
        assertThat(desk.ask(update).status()).isEqualTo(200);
        site.site.connected().join();
        site.dispatcher.speak(8, 2);
        byte[] heard = desk.hear();
        while (heard != null && heard[12] != 8) {
            assertThat(heard[12]).isNotEqualTo((byte) 7);
            heard = desk.hear();
        }
        assertThat(heard).isNotNull();
    }

    @Test
    void aPhoneCallsAnother() throws Exception {
        desk.register();
        try (TestPhone other = site.phone("1002")) {
            other.register();
            SipMessage invite = desk.request("INVITE", "sip:desk-2@alder").body(SipSdp.TYPE, desk.opus());
            SipMessage again = desk.again(invite, desk.ask(invite));
            desk.send(again);
            SipMessage ringing = other.receive();
            while (!ringing.method().equals("INVITE")) {
                ringing = other.receive();
            }
            SipSdp offered = SipSdp.read(ringing.body());
            other.mediaPort = offered.address().getPort();
            SipMessage lifted = SipMessage.response(ringing, 200, "OK")
                    .set("to", ringing.top("to") + ";tag=lifted")
                    .add("contact", "<sip:1002@127.0.0.1:" + other.signalling.getLocalPort() + ">")
                    .body(SipSdp.TYPE, other.opus());
            other.send(lifted);
            SipMessage answer = desk.answer(again);
            desk.acknowledge(again, answer);
            assertThat(answer.status()).isEqualTo(200);
            desk.toTag = answer.to().parameters().getOrDefault("tag", "");
            desk.mediaPort = SipSdp.read(answer.body()).address().getPort();
            assertThat(other.receive().method()).isEqualTo("ACK");
            for (int i = 0; i < 25; i++) { // the first come before the call stands
                desk.speak(41);
                other.speak(42);
                TimeUnit.MILLISECONDS.sleep(20);
            }

            assertThat(other.hear()).isNotNull().contains((byte) 41);
            assertThat(desk.hear()).isNotNull().contains((byte) 42);
            desk.ask(desk.request("BYE", "sip:alder"));
            SipMessage bye = other.receive();
            assertThat(bye.method()).isEqualTo("BYE");
            other.send(SipMessage.response(bye, 200, "OK"));
        }
        assertThat(SipSite.eventually(() -> site.door.size().ports() == 0)).isTrue();
    }

    @Test
    void aClientThatCanGetsFloorMessagesOnItsMediaPort() throws Exception {
        desk.register();
        try (DatagramSocket floor = new DatagramSocket(0, TestPhone.LOCAL)) {
            floor.setSoTimeout(3_000);
            desk.call(
                    "fire-ops-1",
                    desk.opus("m=application " + floor.getLocalPort() + " udp MCPTT", "a=fmtp:MCPTT mc_priority=5"));
            ByteBuffer request = ByteBuffer.allocate(FloorPackets.LONGEST);
            FloorPackets.write(
                    new FloorPacket(5, false, new FloorMessage.Request(50, FloorIndicator.NONE, null, null)), request);
            floor.send(
                    new java.net.DatagramPacket(request.array(), request.position(), TestPhone.LOCAL, desk.mediaPort));
            java.net.DatagramPacket told = new java.net.DatagramPacket(new byte[1024], 1024);
            Optional<FloorMessage.Granted> granted = Optional.empty();
            while (granted.isEmpty()) {
                floor.receive(told);
                granted = FloorPackets.read(ByteBuffer.wrap(told.getData(), 0, told.getLength()))
                        .map(FloorPacket::message)
                        .filter(FloorMessage.Granted.class::isInstance)
                        .map(FloorMessage.Granted.class::cast);
            }
            assertThat(site.talks(SipSite.DESK)).isTrue();
            // A release in another's name, and from another's port.
            try (DatagramSocket thief = new DatagramSocket(0, TestPhone.LOCAL)) {
                ByteBuffer release = ByteBuffer.allocate(FloorPackets.LONGEST);
                FloorPackets.write(
                        new FloorPacket(5, false, new FloorMessage.Release(null, FloorIndicator.NONE)), release);
                thief.send(new java.net.DatagramPacket(
                        release.array(), release.position(), TestPhone.LOCAL, desk.mediaPort));
                release.putInt(4, 6);
                floor.send(new java.net.DatagramPacket(
                        release.array(), release.position(), TestPhone.LOCAL, desk.mediaPort));
                desk.ask(desk.request("OPTIONS", "sip:alder"));
                assertThat(site.site.state(SipSite.GROUP).talkers()).containsExactly(SipSite.DESK);
                release.putInt(4, 5);
                floor.send(new java.net.DatagramPacket(
                        release.array(), release.position(), TestPhone.LOCAL, desk.mediaPort));
            }
            assertThat(site.isQuiet()).isTrue();
        }
    }

    @Test
    void aCallThatIsCancelledIsOver() throws Exception {
        desk.register();
        SipMessage invite = desk.request("INVITE", "sip:dispatch-1@alder").body(SipSdp.TYPE, desk.opus());
        SipMessage again = desk.again(invite, desk.ask(invite));
        desk.send(again);
        SipMessage ringing = desk.receive();
        while (ringing.status() != 180) {
            ringing = desk.receive();
        }
        SipMessage cancel = SipMessage.request("CANCEL", again.uri())
                .add("via", again.top("via"))
                .add("from", again.top("from"))
                .add("to", again.top("to"))
                .add("call-id", again.top("call-id"))
                .add("cseq", again.cseq() + " CANCEL");
        desk.send(cancel);
        SipMessage terminated = desk.answer(again);
        desk.acknowledge(again, terminated);

        assertThat(terminated.status()).isEqualTo(487);
        assertThat(SipSite.eventually(() -> site.door.size().ports() == 0)).isTrue();
    }
}
