package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StunMessageTest {
    /** RFC 5769 §2.1. */
    private static final byte[] SAMPLE = HexFormat.of().parseHex("""
            000100582112a442b7e7a701bc34d686fa87dfae\
            802200105354554e207465737420636c69656e74\
            002400046e0001ff\
            80290008932ff9b151263b36\
            000600096576746a3a68367659202020\
            000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2\
            80280004e57a3bcf""");

    private static final HmacSha1 KEY = key("VOkJxbRl1RmTxUk/WvJxBt");

    static HmacSha1 key(String password) {
        return new HmacSha1(password.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void readsTheSampleRequestOfRfc5769() {
        StunMessage message = StunMessage.parse(SAMPLE, SAMPLE.length);

        assertThat(message.type()).isEqualTo(StunMessage.BINDING_REQUEST);
        assertThat(message.username()).isEqualTo("evtj:h6vY");
        assertThat(message.localFragment()).isEqualTo("evtj");
        assertThat(message.hasFingerprint()).isTrue();
        assertThat(message.hasPriority()).isTrue();
        assertThat(message.peerIsControlled()).isTrue();
        assertThat(message.isFrom(KEY)).isTrue();
        assertThat(message.isFrom(key("another"))).isFalse();
    }

    @Test
    void anyChangedOctetIsNoticed() {
        for (int at = 0; at < SAMPLE.length; at++) {
            byte[] changed = SAMPLE.clone();
            changed[at] ^= 1;

            StunMessage message = StunMessage.parse(changed, changed.length);

            assertThat(message == null || !message.isFrom(KEY) || at >= SAMPLE.length - 8)
                    .as("octet %d", at)
                    .isTrue();
        }
    }

    @Test
    void writesWhatItReads() {
        StunMessage request = StunMessage.parse(SAMPLE, SAMPLE.length);
        StunWriter writer = new StunWriter()
                .answer(request, StunMessage.BINDING_SUCCESS)
                .mapped(new byte[] {(byte) 192, 0, 2, 1}, 32853)
                .integrity(KEY)
                .fingerprint();

        StunMessage answer = StunMessage.parse(writer.bytes().clone(), writer.length());

        assertThat(answer.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(answer.isFrom(KEY)).isTrue();
        // RFC 5769 §2.2 has the same transaction, address and port
        assertThat(HexFormat.of().formatHex(writer.bytes(), 24, 32)).isEqualTo("0001a147e112a643");
    }

    @Test
    void tornAndRandomBytesAreNoMessages() {
        for (int length = 0; length < SAMPLE.length; length++) {
            assertThat(StunMessage.parse(Arrays.copyOf(SAMPLE, length), length)).isNull();
        }
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = SAMPLE.clone();
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            StunMessage message = StunMessage.parse(bytes, random.nextInt(bytes.length + 1));
            if (message != null) {
                message.localFragment();
                message.isFrom(KEY);
            }
        }
    }
}
