package io.tidemark.role.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.config.StreamSpec;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final long SECOND = 1_000_000_000L;

    private long used;
    private long now;

    @Test
    void useBeyondTheShareWaitsUntilTimeHasPaidForIt() {
        Budget budget = new Budget(0.25, () -> used, () -> now);
        use(budget, SECOND);
        assertThat(budget.isOver()).isTrue();
        now += 3 * SECOND;
        assertThat(budget.isOver()).isTrue();
        now += 2 * SECOND;
        assertThat(budget.isOver()).isFalse();
    }

    @Test
    void longRunKeepsToTheShareWhateverTheBursts() {
        Budget budget = new Budget(0.1, () -> used, () -> now);
        long total = 0;
        for (int i = 0; i < 10_000; i++) {
            now += SECOND / 10;
            if (!budget.isOver()) total += use(budget, i % 7 == 0 ? SECOND : SECOND / 50);
        }
        assertThat(total / 1e9).isBetween(95.0, 105.0);
    }

    @Test
    void wholeShareIsNoLimit() {
        Budget budget = new Budget(1, () -> used, () -> now);
        use(budget, 100 * SECOND);
        assertThat(budget.isOver()).isFalse();
    }

    @Test
    void theDeclaredShareIsTheLimit() {
        StreamSpec.Learning learning =
                new StreamSpec.Learning(8, 8, new StreamSpec.Learning.Pace(64, 20, 4, 64, 2), 400, 3, 0.1, 0.25);
        assertThat(Budget.of(learning, "cpu").share()).isEqualTo(0.25);
        assertThat(Budget.of(learning, "gpu:0").share()).isEqualTo(0.25);
    }

    private long use(Budget budget, long nanos) {
        return budget.measure(() -> used += nanos, result -> {});
    }
}
