package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AggregationTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0, PT0S",
        "P0D, 0, PT0S",
        "PT1H, 0, PT1H",
        "PT90M, 0, PT1H30M",
        "PT0.5S, 0, PT0.5S",
        "P1W, 0, PT168H",
        "P1D, 0, PT24H",
        "P1M, 1, PT0S",
        "P1Y, 12, PT0S",
        "P3Y6M4DT12H30M5S, 42, PT108H30M5S"
    })
    void durationsAreReadAsMonthsAndTheRest(String text, long months, String rest) {
        Aggregation read = Aggregation.of(Map.of("aggrMethods", "avg", "aggrPeriodDuration", text));
        assertThat(read.months()).isEqualTo(months);
        assertThat(read.rest()).isEqualTo(Duration.parse(rest));
        assertThat(read.whole()).isEqualTo(months == 0 && Duration.parse(rest).isZero());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "PT",
                "1H",
                "PT1",
                "P1H",
                "P1DT",
                "P-1D",
                "-P1D",
                "P1.5D",
                "P0003-06-04T12:30:05",
                "P1W1D"
            })
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> Aggregation.of(Map.of("aggrMethods", "avg", "aggrPeriodDuration", text)))
                .isInstanceOf(NgsiLdFault.class)
                .hasMessageContaining("aggrPeriodDuration");
    }

    @Test
    void monthsAreCountedFromTheirOriginSoThatTheirEndsDoNotDrift() {
        Aggregation monthly = Aggregation.of(Map.of("aggrMethods", "avg", "aggrPeriodDuration", "P1M"));
        Instant origin = Instant.parse("2026-01-31T08:00:00Z");
        assertThat(monthly.starts(origin, Instant.parse("2026-04-01T00:00:00Z"), 100)
                        .orElseThrow())
                .containsExactly(
                        origin,
                        Instant.parse("2026-02-28T08:00:00Z"),
                        Instant.parse("2026-03-31T08:00:00Z"),
                        Instant.parse("2026-04-30T08:00:00Z"));
        assertThat(monthly.starts(origin, Instant.parse("9999-01-01T00:00:00Z"), 100))
                .isEmpty();
    }

    @Test
    void methodsAreReadInTheirOrderAndOnce() {
        assertThat(Aggregation.of(Map.of("aggrMethods", "max,avg,max")).methods())
                .isEqualTo(List.of(Aggregation.Method.MAX, Aggregation.Method.AVG));
        assertThatThrownBy(() -> Aggregation.of(Map.of())).hasMessageContaining("aggrMethods");
    }
}
