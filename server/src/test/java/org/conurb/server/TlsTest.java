package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    Path data;

    @Test
    void aDemoKeepsItsCertificateUntilItsAddressIsAnother() {
        Optional<String> first = Tls.of(demo("127.0.0.2")).fingerprint();
        assertThat(first).isPresent();
        assertThat(Tls.of(demo("127.0.0.2")).fingerprint()).isEqualTo(first);
        Optional<String> moved = Tls.of(demo("127.0.0.3")).fingerprint();
        assertThat(moved).isPresent().isNotEqualTo(first);
        assertThat(Tls.of(demo("127.0.0.3")).fingerprint()).isEqualTo(moved);
    }

    @Test
    void onAllAddressesOneCertificateServesThemAll() {
        Optional<String> all = Tls.of(demo("0.0.0.0")).fingerprint();
        assertThat(all).isPresent();
        assertThat(Tls.of(demo("0.0.0.0")).fingerprint()).isEqualTo(all);
        assertThat(Tls.of(demo("127.0.0.1")).on()).as("on this machine alone").isFalse();
    }

    private UpSettings demo(String listen) {
        return new UpSettings(
                data,
                0,
                Optional.empty(),
                Optional.empty(),
                listen,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                true,
                true,
                List.of());
    }
}
