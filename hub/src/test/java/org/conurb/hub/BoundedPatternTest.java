package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class BoundedPatternTest {
    private static BoundedPattern pattern(String text) {
        return BoundedPattern.of("idPattern", text);
    }

    @Test
    void someOfTheTextIsEnoughUnlessThePatternSaysMore() {
        assertThat(pattern("Sensor:1").finds("urn:ngsi-ld:Sensor:17")).isTrue();
        assertThat(pattern("^urn:.*:1$").finds("urn:ngsi-ld:Sensor:17")).isFalse();
        assertThat(pattern("(?i)SENSOR").finds("urn:ngsi-ld:Sensor:17")).isTrue();
    }

    @Test
    @Timeout(60)
    void whatWouldRunAwayEnds() {
        for (String text : new String[] {"(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}", "((a*)*)*b", "(x+x+)+y"}) {
            BoundedPattern pattern = pattern(text);
            assertThat(pattern.finds("a".repeat(19_000) + "!" + "x".repeat(900)))
                    .as(text)
                    .isNotNull();
        }
    }

    @Test
    void whatCannotBeBoundedIsRefusedWithItsReason() {
        assertThatThrownBy(() -> pattern("(a)\\1")).hasMessageContaining("idPattern cannot be read");
        assertThatThrownBy(() -> pattern("(?=a)")).isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> pattern("(")).isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> pattern("((a{100}){100}){100}")).hasMessageContaining("repeats");
        assertThatThrownBy(() -> pattern("a".repeat(501))).hasMessageContaining("longer");
    }

    @Test
    void anIndexIsToldWhatEverythingItFindsBeginsWithOrHolds() {
        assertThat(pattern("^urn:ngsi-ld:Sensor:.*").prefix()).isEqualTo("urn:ngsi-ld:Sensor:");
        assertThat(pattern("^urn:ab?").prefix()).isEqualTo("urn:a");
        assertThat(pattern("^a|b").prefix()).isEmpty();
        assertThat(pattern("urn:.*").prefix()).isEmpty();
        assertThat(pattern("urn:ngsi-ld:Sen.*:17").literal()).isEqualTo("urn:ngsi-ld:Sen");
        assertThat(pattern("x*.*Room:1$").literal()).isEqualTo("Room:1");
        assertThat(pattern("(a|b)Room").literal()).isEmpty();
    }
}
