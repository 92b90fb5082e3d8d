package org.conurb.basemap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void latinNamesCarryNoScriptAndOthersCarryTheirs() {
        assertThat(Names.script("Rue Grimaldi 12")).isEmpty();
        assertThat(Names.script("12")).isEmpty();
        assertThat(Names.script("北京")).contains("Han");
        assertThat(Names.script("شارع")).contains("Arabic");
        assertThat(Names.script("Улица 1 (A8)")).contains("Cyrillic");
        assertThat(Names.script("渋谷センター街")).contains("Mixed-Japanese");
    }

    @Test
    void placesRankByPeople() {
        assertThat(Places.rank(0)).isZero();
        assertThat(Places.rank(36_000)).isEqualTo(6);
        assertThat(Places.rank(20_000_000)).isEqualTo(13);
    }
}
