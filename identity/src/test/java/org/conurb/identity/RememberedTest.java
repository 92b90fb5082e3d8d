package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Remembered<String, Integer> remembered = new Remembered<>(clock, Duration.ofSeconds(5), 2);
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void looksUpAgainAfterAWhileAndWhenTheClockWasSetBack() {
        assertThat(get("a")).isEqualTo(1);
        assertThat(get("a")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(5));
        assertThat(get("a")).isEqualTo(2);
        clock.advance(Duration.ofSeconds(-1));
        assertThat(get("a")).isEqualTo(3);
    }

    @Test
    void keepsNoMoreThanItMay() {
        get("a");
        get("b");
        get("a");
        get("c");
        assertThat(get("a")).isEqualTo(1);
        assertThat(get("b")).isEqualTo(4);
    }

    @Test
    void whatIsLoadedWhileSomethingIsForgottenIsNotKept() {
        remembered.get("a", key -> {
            remembered.forget("a");
            return 7;
        });
        assertThat(get("a")).isEqualTo(1);
    }

    private int get(String key) {
        return remembered.get(key, missing -> loads.incrementAndGet());
    }
}
