package io.tidemark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void conditionIsCheckedUntilItHolds() {
        var calls = new AtomicInteger();
        Eventually.holds(LONG, "three calls", () -> calls.incrementAndGet() == 3);
        assertThat(calls).hasValue(3);
    }

    @Test
    void conditionThatHoldsIsCheckedOnceEvenWithADeadlineOfZero() {
        var calls = new AtomicInteger();
        Eventually.holds(Duration.ZERO, "one call", () -> calls.incrementAndGet() == 1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void failureNamesTheAwaitedStateTheDeadlineAndTheLastValue() {
        assertThatThrownBy(() -> Eventually.gives(SHORT, "a value above 7", () -> 5, v -> v > 7))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PT0.02S")
                .hasMessageContaining("a value above 7")
                .hasMessageContaining("last value was 5");
    }

    @Test
    void exceptionMeansNotYetAndTheLastOneIsTheCause() {
        var calls = new AtomicInteger();
        Eventually.passes(LONG, () -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not ready");
            }
        });
        assertThatThrownBy(() -> Eventually.passes(SHORT, () -> {
                    throw new IllegalStateException("never ready");
                }))
                .isInstanceOf(AssertionError.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("never ready");
    }

    @Test
    void interruptEndsTheWaitAndStaysSet() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Eventually.holds(LONG, "never", () -> false)).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
