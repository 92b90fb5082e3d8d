package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MediaAddressesTest {
    private static final MediaSettings NOTHING_SAID = new MediaSettings("", List.of());

    private List<String> own = List.of("127.0.0.1", "::1", "192.168.1.20", "10.8.0.3", "fe80::1", "2001:db8::20");

    private final MediaAddresses.Network network = new MediaAddresses.Network() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return switch (host) {
                case "city.example" -> new InetAddress[] {ip("203.0.113.7")};
                case "nowhere.example" -> throw new UnknownHostException(host);
                default -> InetAddress.getAllByName(host);
            };
        }

        @Override
        public List<InetAddress> own() {
            return own.stream().map(MediaAddressesTest::ip).toList();
        }
    };

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<InetAddress> ips(String... literals) {
        return Arrays.stream(literals).map(MediaAddressesTest::ip).toList();
    }

    private MediaAddresses of(String listen, boolean proxy, @Nullable String publicUrl, MediaSettings settings) {
        UpSettings up = new UpSettings(
                Path.of("data"),
                8080,
                Optional.empty(),
                Optional.empty(),
                listen,
                Optional.empty(),
                Optional.empty(),
                proxy,
                Optional.ofNullable(publicUrl),
                List.of(),
                false,
                false,
                List.of());
        return MediaAddresses.of(up, settings, network);
    }

    @Test
    void onThisMachineAloneItIsTheLoopback() {
        MediaAddresses loopback = of("127.0.0.1", false, null, NOTHING_SAID);

        assertThat(loopback.bind()).isEqualTo(ip("127.0.0.1"));
        assertThat(loopback.candidates()).isEqualTo(ips("127.0.0.1"));
    }

    @Test
    void onAllAddressesBrowsersAreToldThoseThatReachBeyondTheMachine() {
        MediaAddresses four = of("0.0.0.0", false, null, NOTHING_SAID);
        assertThat(four.bind()).isEqualTo(ip("0.0.0.0"));
        assertThat(four.candidates()).isEqualTo(ips("192.168.1.20", "10.8.0.3"));

        assertThat(of("::", false, null, NOTHING_SAID).candidates())
                .isEqualTo(ips("192.168.1.20", "10.8.0.3", "2001:db8::20"));
    }

    @Test
    void aMachineWithoutANetworkStillHasItself() {
        own = List.of("127.0.0.1", "fe80::1");

        assertThat(of("0.0.0.0", false, null, NOTHING_SAID).candidates())
                .containsExactly(InetAddress.getLoopbackAddress());
    }

    @Test
    void behindAProxyMediaGoesPastItToTheAddressOfThePublicUrl() {
        MediaAddresses proxied = of("127.0.0.1", true, "https://city.example/", NOTHING_SAID);

        assertThat(proxied.bind()).isEqualTo(ip("0.0.0.0"));
        assertThat(proxied.candidates()).isEqualTo(ips("203.0.113.7", "192.168.1.20", "10.8.0.3"));
    }

    @Test
    void aProxyOnThisMachineAloneOpensNothing() {
        MediaAddresses proxied = of("127.0.0.1", true, "http://localhost:9000", NOTHING_SAID);

        assertThat(proxied.bind()).isEqualTo(ip("127.0.0.1"));
        assertThat(of("127.0.0.1", true, null, NOTHING_SAID).candidates()).isEqualTo(ips("127.0.0.1"));
    }

    @Test
    void whatTheCityNamesComesFirstAndInsteadOfThePublicUrl() {
        MediaSettings router = new MediaSettings("192.168.1.20", List.of("198.51.100.4"));

        MediaAddresses named = of("127.0.0.1", true, "https://city.example", router);

        assertThat(named.bind()).isEqualTo(ip("192.168.1.20"));
        assertThat(named.candidates()).isEqualTo(ips("198.51.100.4", "192.168.1.20"));
    }

    @Test
    void anAddressThatNobodyKnowsStopsTheStartAndAPublicUrlThatOnlyBrowsersKnowDoesNot() {
        MediaSettings wrong = new MediaSettings("", List.of("nowhere.example"));
        assertThatThrownBy(() -> of("0.0.0.0", false, null, wrong))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("nowhere.example");

        assertThat(of("127.0.0.1", true, "https://nowhere.example", NOTHING_SAID)
                        .candidates())
                .isEqualTo(ips("192.168.1.20", "10.8.0.3"));
    }
}
