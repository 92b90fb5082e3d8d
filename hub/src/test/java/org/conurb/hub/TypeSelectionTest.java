package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TypeSelectionTest {
    private static TypeSelection read(String text) {
        return TypeSelection.read("type", text, LdContext.CORE);
    }

    @Test
    void namesAreJoinedByOrAndAndWithParentheses() {
        assertThat(read("Home").selects(List.of("Home", "Vehicle"))).isTrue();
        assertThat(read("Home,Boat").selects(List.of("Boat"))).isTrue();
        assertThat(read("Home|Boat").selects(List.of("Car"))).isFalse();
        assertThat(read("Home;Vehicle").selects(List.of("Home"))).isFalse();
        assertThat(read("Home;Vehicle").selects(List.of("Home", "Vehicle"))).isTrue();
        assertThat(read("(Home;Vehicle),Motorhome").selects(List.of("Motorhome")))
                .isTrue();
        assertThat(read("(Home,Boat);Vehicle").selects(List.of("Boat", "Vehicle")))
                .isTrue();
        assertThat(read("(Home,Boat);Vehicle").selects(List.of("Vehicle"))).isFalse();
        assertThat(read("Home;Vehicle,Boat").selects(List.of("Boat"))).isTrue();
        assertThat(read("*").selects(List.of("Whatever"))).isTrue();
    }

    @Test
    void anIndexIsToldTheFewestTypesOfWhichEachMatchHasOne() {
        assertThat(read("A,B|C").kinds()).containsExactly("A", "B", "C");
        assertThat(read("(A,B);C").kinds()).containsExactly("C");
        assertThat(read("(A;B),C").kinds()).containsExactly("A", "C");
        assertThat(read("*").kinds()).isEmpty();
        assertThat(read("A,B").isList()).isTrue();
        assertThat(read("A;B").isList()).isFalse();
    }

    @Test
    void aFaultTellsItsPlaceAndDepthIsBounded() {
        assertThatThrownBy(() -> read("A,,B")).hasMessageContaining("type cannot be read at character 3");
        assertThatThrownBy(() -> read("(A")).hasMessageContaining("character 3");
        assertThatThrownBy(() -> read("A)")).hasMessageContaining("character 2");
        assertThatThrownBy(() -> read("")).hasMessageContaining("character 1");
        assertThatThrownBy(() -> read("(".repeat(1_000) + "A" + ")".repeat(1_000)))
                .isInstanceOf(NgsiLdFault.class);
        assertThatThrownBy(() -> read("A,".repeat(300) + "A")).isInstanceOf(NgsiLdFault.class);
    }
}
