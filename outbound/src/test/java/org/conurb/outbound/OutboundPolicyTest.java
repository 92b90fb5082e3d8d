package org.conurb.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.conurb.kernel.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "fec0::1",
                "ff02::1",
                "2001:db8::1",
                "2001::1",
                "100::1",
                "fd00:ec2::254"
            })
    void insideAddressesAreRefusedWithoutARule(String address) {
        assertThat(OutboundPolicy.publicOnly().allows("host", InetAddress.ofLiteral(address), 443))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808"
            })
    void publicAddressesAreAllowed(String address) {
        assertThat(OutboundPolicy.publicOnly().allows("host", InetAddress.ofLiteral(address), 80))
                .isTrue();
    }

    @Test
    void aRangeRuleAllowsItsAddressesAndPortsOnly() {
        OutboundPolicy policy = OutboundPolicy.parse(List.of("10.1.0.0/16:80,8000-8100"));
        assertThat(policy.allows("x", InetAddress.ofLiteral("10.1.200.3"), 80)).isTrue();
        assertThat(policy.allows("x", InetAddress.ofLiteral("10.1.200.3"), 8050))
                .isTrue();
        assertThat(policy.allows("x", InetAddress.ofLiteral("::ffff:10.1.200.3"), 8100))
                .isTrue();
        assertThat(policy.allows("x", InetAddress.ofLiteral("10.1.200.3"), 8101))
                .isFalse();
        assertThat(policy.allows("x", InetAddress.ofLiteral("10.2.0.1"), 80)).isFalse();
    }

    @Test
    void aHostRuleAllowsThatNameWhateverItsAddress() {
        OutboundPolicy policy = OutboundPolicy.parse(List.of("Feeds.City.local:8080"));
        assertThat(policy.allows("feeds.city.local", InetAddress.ofLiteral("192.168.0.9"), 8080))
                .isTrue();
        assertThat(policy.allows("FEEDS.city.local.", InetAddress.ofLiteral("192.168.0.9"), 8080))
                .isTrue();
        assertThat(policy.allows("other.city.local", InetAddress.ofLiteral("192.168.0.9"), 8080))
                .isFalse();
        assertThat(policy.allows("feeds.city.local", InetAddress.ofLiteral("192.168.0.9"), 81))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "[::1]:9000", "::/0", "[::]/0:9000", "::1/128"})
    void sixthVersionRulesAreReadInAllTheirForms(String rule) {
        assertThat(OutboundPolicy.parse(List.of(rule)).allows("x", InetAddress.ofLiteral("::1"), 9000))
                .isTrue();
    }

    @Test
    void aMappedRangeMeansTheFourthVersionOne() {
        OutboundPolicy policy = OutboundPolicy.parse(List.of("::ffff:10.0.0.0/104"));
        assertThat(policy.allows("x", InetAddress.ofLiteral("10.200.0.1"), 1)).isTrue();
        assertThat(policy.allows("x", InetAddress.ofLiteral("11.0.0.1"), 1)).isTrue(); // public
        assertThat(policy.allows("x", InetAddress.ofLiteral("127.0.0.1"), 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "host:",
                "host:0",
                "host:70000",
                "host:9-8",
                "host:a",
                "host:1-2-3",
                "10.0.0.0/33",
                "10.0.0/x",
                "999.1.1.1",
                "a b",
                "host/8",
                "[::1",
                "[::1]x",
                "http://host",
                "fe80::1%eth0"
            })
    void anUnreadableRuleIsNamed(String rule) {
        assertThatThrownBy(() -> OutboundPolicy.parse(List.of(rule)))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining(rule);
    }

    @Test
    void randomRulesAreReadOrRefusedAndNothingElse() {
        Random random = new Random(7);
        String letters = "0123456789abcdef.:[]/-,x% ";
        for (int n = 0; n < 20_000; n++) {
            StringBuilder rule = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                rule.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                OutboundPolicy.parse(List.of(rule.toString()));
            } catch (BadRequest refused) {
                assertThat(refused.code()).isEqualTo("outbound-rule");
            }
        }
    }
}
