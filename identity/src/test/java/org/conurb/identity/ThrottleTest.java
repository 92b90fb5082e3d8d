package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Throttle throttle = new Throttle(clock);

    @Test
    void eachFurtherGuessWaitsTwiceAsLong() {
        guess("ana", "a", 4);
        assertThat(throttle.attempt("ana", "a")).contains(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        guess("ana", "a", 1);
        assertThat(throttle.attempt("ana", "a")).contains(Duration.ofSeconds(2));
    }

    @Test
    void waitHasALimitAlsoWhenTheClockIsSetBack() {
        for (int i = 0; i < 60; i++) {
            throttle.attempt("ana", "a");
            clock.advance(Duration.ofMinutes(16));
        }
        throttle.attempt("ana", "a");
        assertThat(throttle.attempt("ana", "a").orElseThrow()).isLessThanOrEqualTo(Duration.ofMinutes(15));
        clock.advance(Duration.ofDays(-30));
        assertThat(throttle.attempt("ana", "a").orElseThrow()).isLessThanOrEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void manyAddressesCannotLockSomebodyOut() {
        for (int i = 0; i < 1000; i++) {
            throttle.attempt("ana", "address " + i);
        }
        assertThat(throttle.attempt("ana", "her own").orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void rightPasswordStartsTheNameAnew() {
        guess("ana", "a", 3);
        throttle.succeeded("ana", "a");
        guess("ana", "a", 4);
        assertThat(throttle.attempt("ana", "a")).isPresent();
    }

    @Test
    void oneAddressCannotTryManyNamesQuickly() {
        for (int i = 0; i < 40; i++) {
            guess("name " + i, "a", 1);
        }
        assertThat(throttle.attempt("name 41", "a")).isPresent();
        assertThat(throttle.attempt("name 41", "b")).isEmpty();
    }

    @Test
    void anHourOfPeaceForgives() {
        guess("ana", "a", 4);
        clock.advance(Duration.ofMinutes(61));
        guess("ana", "a", 4);
        assertThat(throttle.attempt("ana", "a")).contains(Duration.ofSeconds(1));
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 50_000; i++) {
            throttle.attempt("name " + i, "address " + i);
        }
        assertThat(throttle.size()).isEqualTo(20_000);
    }

    private void guess(String name, String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(throttle.attempt(name, address)).isEmpty();
        }
    }
}
