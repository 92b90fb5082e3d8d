package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that are hard to read, in the manner of RFC 4475. */
class SipMessageTest {
    static final String PLAIN = """
            INVITE sip:fire-ops-1@alder SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport
            Max-Forwards: 70
            From: "Desk, one" <sip:desk@alder>;tag=a
            To: <sip:fire-ops-1@alder>
            Call-ID: 1@192.0.2.1
            CSeq: 7 INVITE
            Contact: <sip:desk@192.0.2.1>
            Content-Length: 0

            """.replace("\n", "\r\n");

    private static SipMessage read(String text) throws SipFailure {
        SipMessage message = SipMessage.read(text.getBytes(UTF_8));
        message.check();
        return message;
    }

    private static int refusal(String text) {
        try {
            read(text);
            return 0;
        } catch (SipFailure failure) {
            return failure.status();
        }
    }

    @Test
    void whatIsOddButRightIsRead() throws SipFailure {
        SipMessage message = read("""
                INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
                TO :
                 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
                f : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
                  ;
                  tag = 98asjd8
                MaX-fOrWaRdS: 0068
                i: 98asdjadf@192.0.2.2
                cseq: 0009
                  INVITE
                v:  SIP/2.0/UDP 192.0.2.2;branch=390skdjuw, SIP/2.0/TCP  spindle.example.com ;
                  branch  =   z9hG4bK9ikj8
                NewFangledHeader:   newfangled value
                 continued newfangled value
                UnknownHeaderWithUnusualValue: ;;,,;;,;
                m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam = newvalue ; q = 0.33, <sip:b@example.com,x>
                l: 4

                body""".replace("\n", "\r\n"));

        assertThat(message.cseq()).isEqualTo(9);
        assertThat(message.all("via")).hasSize(2);
        assertThat(message.all("contact")).hasSize(2);
        assertThat(message.from().parameter("tag")).contains("98asjd8");
        assertThat(message.to().parameter("tag")).contains("1918181833n");
        assertThat(message.top("newfangledheader")).isEqualTo("newfangled value continued newfangled value");
        assertThat(SipVia.read(message.all("via").getLast()).branch()).isEqualTo("z9hG4bK9ikj8");
        assertThat(new String(message.body(), UTF_8)).isEqualTo("body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIP/2.0\\r\\nVia|SIP/7.0\\r\\nVia|505",
                "INVITE sip:fire|INVITE  sip:fire|400",
                "INVITE sip:fire|INVITE <sip:fire|0",
                "CSeq: 7 INVITE|CSeq: 36893488147419103232 INVITE|400",
                "CSeq: 7 INVITE|CSeq: 7 REGISTER|400",
                "CSeq: 7 INVITE|CSeq: -7 INVITE|400",
                "Call-ID: 1@192.0.2.1|Call-ID: 1\\r\\nCall-ID: 2|400",
                "To: <sip:fire-ops-1@alder>|To: <sip:fire-ops-1@alder|400",
                "To: <sip:fire-ops-1@alder>|To: <http://alder>|416",
                "To: <sip:fire-ops-1@alder>|X: 1|400",
                "Content-Length: 0|Content-Length: -999|400",
                "Content-Length: 0|Content-Length: 9999|400",
                "Content-Length: 0|Content-Length: 99999999999999|400",
                "Max-Forwards: 70|Max-Forwards: 300|400",
                "Max-Forwards: 70|Max-Forwards: 0|483",
                "Via: SIP/2.0/UDP 192.0.2.1:5060|Via: SIP/2.0/UDP|400",
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\\r\\n|X: 1\\r\\n|400",
                "Contact: <|Con\\0tact: <|400",
                "Contact: <|Contact: \\7<|400"
            })
    void whatIsWrongIsRefused(String part, String by, int status) {
        String text = PLAIN.replace(unescaped(part), unescaped(by));
        assertThat(text).isNotEqualTo(PLAIN);
        assertThat(refusal(text)).isEqualTo(status);
    }

    private static String unescaped(String text) {
        return text.translateEscapes();
    }

    @Test
    void moreThanABoundIsRefused() {
        String many = PLAIN.replace("Contact", "X: 1\r\n".repeat(70) + "Contact");
        assertThat(refusal(many)).isEqualTo(513);
        assertThat(refusal(PLAIN.replace("Max-Forwards", "X: " + "x".repeat(20_000) + "\r\nMax-Forwards")))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:alder, '', alder",
        "sips:1001@[2001:db8::1]:5061;transport=tcp, 1001, [2001:db8::1]",
        "SIP:a%20b:secret@Alder.Example?subject=x, a b, alder.example"
    })
    void urisAreRead(String text, String user, String host) throws SipFailure {
        SipUri uri = SipUri.read(text);
        assertThat(uri.user()).isEqualTo(user);
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.toString()).doesNotContain("secret");
    }

    @Test
    void streamsAreFramedByLengthAndOnlyByThat() throws IOException, SipFailure {
        String two = "\r\n\r\n" + PLAIN.replace("Content-Length: 0", "Content-Length: 3") + "abc" + PLAIN;
        SipFrames frames = new SipFrames(new ByteArrayInputStream(two.getBytes(UTF_8)));

        assertThat(frames.next()).hasValueSatisfying(ping -> assertThat(ping).isEmpty());
        assertThat(SipMessage.read(frames.next().orElseThrow()).body()).hasSize(3);
        assertThat(SipMessage.read(frames.next().orElseThrow()).method()).isEqualTo("INVITE");
        assertThat(frames.next()).isEqualTo(Optional.empty());
        for (String length : new String[] {"Content-Length: 10000000", "X: 1", "Content-Length: 1\r\nl: 2"}) {
            SipFrames bad = new SipFrames(new ByteArrayInputStream(
                    PLAIN.replace("Content-Length: 0", length).getBytes(UTF_8)));
            assertThatThrownBy(bad::next).isInstanceOf(IOException.class);
        }
        SipFrames endless =
                new SipFrames(new ByteArrayInputStream("x".repeat(100_000).getBytes(UTF_8)));
        assertThatThrownBy(endless::next).isInstanceOf(IOException.class);
    }

    @Test
    void mutationsNeverThrowAnythingElse() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            readAll(mutated(PLAIN.getBytes(UTF_8), random));
        }
    }

    /** Bytes of strangers: refused or read. */
    static void readAll(byte[] octets) {
        try {
            SipMessage message = SipMessage.read(octets);
            message.check();
            SipMessage.read(message.octets());
            SipUri.read(message.uri());
            SipSdp.read(message.body());
        } catch (SipFailure refused) {
            assertThat(refused.status()).isBetween(400, 699);
        }
        try {
            SipFrames frames = new SipFrames(new ByteArrayInputStream(octets));
            while (frames.next().isPresent()) {
                // on
            }
        } catch (IOException refused) {
            assertThat(refused).isNotNull();
        }
    }

    static byte[] mutated(byte[] octets, Random random) {
        byte[] changed = octets.clone();
        for (int n = random.nextInt(8) + 1; n > 0; n--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt(256);
                case 2 -> changed[at] = (byte) "<>;,:\"\\\r\n @=%[]".charAt(random.nextInt(15));
                case 3 -> changed = java.util.Arrays.copyOf(changed, Math.max(1, at));
                default -> {
                    int from = random.nextInt(changed.length);
                    int length = Math.min(changed.length - Math.max(at, from), random.nextInt(40));
                    System.arraycopy(octets, Math.min(from, octets.length - length), changed, at, Math.max(0, length));
                }
            }
        }
        return changed;
    }
}
