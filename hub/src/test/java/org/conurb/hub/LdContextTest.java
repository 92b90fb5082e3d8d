package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;

final class LdContextTest {
    private static LdContext context(String json) {
        return LdContext.of(Json.mapper().readTree(json));
    }

    @Test
    void equalNamesAreEqualWhateverContextTheyCameUnder() {
        LdContext other = context(
                "{\"temp\":\"https://uri.etsi.org/ngsi-ld/default-context/temperature\",\"ex\":\"https://example.org/\",\"speed\":\"ex:v\"}");
        assertThat(other.expand("temp")).isEqualTo("temperature");
        assertThat(other.expand("speed")).isEqualTo("https://example.org/v");
        assertThat(other.expand("ex:v")).isEqualTo("https://example.org/v");
        assertThat(other.expand("location")).isEqualTo("location");
        assertThat(other.compact("temperature")).isEqualTo("temp");
        assertThat(other.compact("https://example.org/v")).isEqualTo("speed");
        assertThat(other.compact("speed")).isEqualTo("https://uri.etsi.org/ngsi-ld/default-context/speed");
        assertThat(LdContext.CORE.expand("https://uri.etsi.org/ngsi-ld/location"))
                .isEqualTo("location");
        assertThat(LdContext.CORE.expand("https://uri.etsi.org/ngsi-ld/default-context/location"))
                .isEqualTo("https://uri.etsi.org/ngsi-ld/default-context/location");
    }

    @Test
    void nobodyRedefinesACoreTerm() {
        assertThat(context("{\"location\":\"https://example.org/place\"}").expand("location"))
                .isEqualTo("location");
    }

    @Test
    void cyclesEndAndNonsenseIsRefused() {
        LdContext cyclic = context("{\"a\":\"b:x\",\"b\":\"a:x\",\"c\":\"d\",\"d\":\"c\"}");
        assertThat(cyclic.expand("a")).isNotBlank();
        assertThat(cyclic.expand("c")).isNotBlank();
        assertThatThrownBy(() -> context("{\"a\":7}")).isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> context("[[[[[[[[[[{}]]]]]]]]]]")).isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> context("7")).isInstanceOf(NgsiLdFault.class);
    }
}
