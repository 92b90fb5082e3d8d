package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;

final class ScopeReaderTest {
    private static boolean matches(String scopeQ, String... scopes) {
        var document = Json.mapper().createObjectNode();
        var list = document.putArray("scope");
        for (String scope : scopes) {
            list.add(scope);
        }
        return QueryMatch.matches(ScopeReader.read(scopeQ), scopes.length == 0 ? Documents.none() : document);
    }

    @Test
    void scopesAreComparedLevelByLevel() {
        assertThat(matches("/Madrid/Gardens/North", "/Madrid/Gardens/North")).isTrue();
        assertThat(matches("/Madrid/Gardens", "/Madrid/Gardens/North")).isFalse();
        assertThat(matches("/Madrid/+/North", "/Madrid/Gardens/North")).isTrue();
        assertThat(matches("/+/Gardens", "/Madrid/Gardens/North")).isFalse();
        assertThat(matches("/Madrid/#", "/Madrid")).isTrue();
        assertThat(matches("/Madrid/#", "/Madrid/Gardens/North")).isTrue();
        assertThat(matches("/Mad/#", "/Madrid")).isFalse();
        assertThat(matches("/+/Gardens/#", "/Madrid/Gardens/North")).isTrue();
        assertThat(matches("/#", "/Any")).isTrue();
        assertThat(matches("/#")).isFalse();
        assertThat(matches("Madrid", "/Madrid")).isTrue();
        assertThat(matches("/Madrid", "Madrid")).isTrue();
    }

    @Test
    void scopesAreJoinedByOrAndAndWithParentheses() {
        assertThat(matches("/A;/B", "/A", "/B")).isTrue();
        assertThat(matches("/A;/B", "/A")).isFalse();
        assertThat(matches("/A,/B", "/B")).isTrue();
        assertThat(matches("/A|/B", "/C")).isFalse();
        assertThat(matches("(/A;/B)|/C", "/C")).isTrue();
        assertThat(matches("(/A,/B);/C", "/B", "/C")).isTrue();
    }

    @Test
    void aFaultTellsItsPlace() {
        assertThatThrownBy(() -> ScopeReader.read("/A//B"))
                .hasMessageContaining("scopeQ cannot be read at character 4");
        assertThatThrownBy(() -> ScopeReader.read("/A/#/B")).hasMessageContaining("character 7");
        assertThatThrownBy(() -> ScopeReader.read("/A/b c")).hasMessageContaining("character 4");
        assertThatThrownBy(() -> ScopeReader.read("(/A")).hasMessageContaining("character 4");
        assertThatThrownBy(() -> ScopeReader.read("(".repeat(1_000))).isInstanceOf(NgsiLdFault.class);
    }
}
