package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;

final class LanguageFilterTest {
    private static String choose(String lang, String... tags) {
        var words = Json.mapper().createObjectNode();
        for (String tag : tags) {
            words.put(tag, "word");
        }
        return LanguageFilter.of(lang).choose(words);
    }

    @Test
    void theBestLanguageThatIsThereIsTaken() {
        assertThat(choose("fr", "en", "fr")).isEqualTo("fr");
        assertThat(choose("fr;q=0.2,nl;q=0.9", "fr", "nl")).isEqualTo("nl");
        assertThat(choose("FR", "en", "fr")).isEqualTo("fr");
        assertThat(choose("nl-BE", "fr", "nl")).isEqualTo("nl");
        assertThat(choose("en", "de", "en-US")).isEqualTo("en-US");
        assertThat(choose("fr-CH,fr;q=0.9,en;q=0.8,*;q=0.5", "en", "fr")).isEqualTo("fr");
        assertThat(choose("pt", "fr", "nl")).isEqualTo("fr");
        assertThat(choose("pt", "fr", "@none")).isEqualTo("@none");
        assertThat(choose("*", "fr", "nl")).isEqualTo("fr");
    }

    @Test
    void whatIsNoListOfLanguagesIsRefused() {
        for (String lang : new String[] {"", "!!", "fr;q=x", "fr;q=0", ",", "f".repeat(2_000)}) {
            assertThatThrownBy(() -> LanguageFilter.of(lang)).as(lang).hasMessageContaining("lang");
        }
    }
}
