package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipMediaTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void whatGoesToPhonesIsMarkedAsVoice(String listen) throws Exception {
        try (VoiceProcess voices = new VoiceProcess(List.of("none"));
                SipMedia media = new SipMedia(InetAddress.getByName(listen), 0, 0, voices, new Random(3))) {
            SipMedia.Port port = media.reserve();
            assertThat(port.channel().getOption(StandardSocketOptions.IP_TOS))
                    .as("EF")
                    .isEqualTo(0xb8);
            media.release(port);
            assertThat(port.channel().isOpen()).isFalse();
        }
    }
}
