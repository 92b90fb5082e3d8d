package org.conurb.agreements;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoTest {
    private final Memo<Integer, String> memo = new Memo<>(10);

    @Test
    void keepsWhatIsUsedAndForgetsTheRest() {
        memo.put(0, "used");
        for (int i = 1; i < 1_000; i++) {
            memo.put(i, "once");
            assertThat(memo.get(0)).isEqualTo("used");
            assertThat(memo.size()).isLessThanOrEqualTo(20);
        }
        assertThat(memo.get(1)).isNull();
    }

    @Test
    void newerAnswerStands() {
        memo.put(0, "old");
        for (int i = 1; i < 10; i++) {
            memo.put(i, "fill");
        }
        memo.put(0, "new");
        assertThat(memo.get(0)).isEqualTo("new");
    }
}
