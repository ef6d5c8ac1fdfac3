package io.tidemark.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.Eventually;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class RoleThreadTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final RoleThread.Pauses SHORT = new RoleThread.Pauses(Duration.ofMillis(5), Duration.ofMillis(20));

    private final Meters.Level up = new Meters(new SimpleMeterRegistry()).level(MeterName.ROLE_UP, "learner");
    private final List<String> failures = new CopyOnWriteArrayList<>();

    private RoleThread start(RoleThread.Duty duty) {
        return new RoleThread("learner", duty, up, SHORT, failures::add);
    }

    @Test
    void aCauseThatCanPassStartsTheRoleAgainUntilItHasPassed() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        CountDownLatch works = new CountDownLatch(1);
        RoleThread role = start(running -> {
            int start = starts.incrementAndGet();
            if (start < 3) throw new TimeoutException("the broker is slow");
            if (start < 5)
                throw new KafkaException(new TopicAuthorizationException("Not authorized to access topics: [x]"));
            works.countDown();
            Eventually.holds(SOON, "told to stop", () -> !running.getAsBoolean());
        });
        works.await();
        assertThat(up.value()).isEqualTo(1);
        role.stop();
        assertThat(role.join(SOON)).isTrue();
        assertThat(starts).hasValue(5);
        assertThat(failures).isEmpty();
        assertThat(role.ended()).isEqualTo("finished");
        assertThat(up.value()).isZero();
    }

    @Test
    void anyOtherCauseEndsItWithTheSentenceAtTheBottom() throws Exception {
        RoleThread role = start(running -> {
            throw new IllegalStateException(new NullPointerException("a list\nof two lines"));
        });
        assertThat(role.join(SOON)).isTrue();
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0))
                .contains("NullPointerException: a list of two lines")
                .doesNotContain("\n");
        assertThat(role.ended()).startsWith("failed: ");
    }

    @Test
    void aRoleThatWaitsForItsNextStartStopsAtOnce() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        RoleThread.Pauses long_ = new RoleThread.Pauses(Duration.ofHours(1), Duration.ofHours(1));
        RoleThread role = new RoleThread(
                "learner",
                running -> {
                    tried.countDown();
                    throw new TimeoutException("slow");
                },
                up,
                long_,
                failures::add);
        tried.await();
        role.stop();
        assertThat(role.join(SOON)).isTrue();
        assertThat(failures).isEmpty();
    }
}
