package io.tidemark.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.LogLines;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PassedOverTest {
    private final Meters meters = new Meters(new SimpleMeterRegistry());

    @Test
    void aRecordThatIsPassedOverIsNamedByItsPlaceOnOneLineAndCounted() {
        PassedOver told = new PassedOver("worker", meters);
        assertThat(meters.counter(MeterName.PASSED_OVER, "worker").count()).isZero();
        try (LogLines log = LogLines.of(PassedOver.class)) {
            told.tell(new ConsumerRecord<>("t.models", 3, 41_007, "k", "v"), "its key\nis not the registry's");
            told.tell("t.jobs", 0, 5, "x".repeat(5_000));
            assertThat(log.lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .isEqualTo("WARN worker passes over t.models-3@41007: its key is not the"
                                            + " registry's"),
                            line -> assertThat(line)
                                    .startsWith("WARN worker passes over t.jobs-0@5: xxx")
                                    .hasSizeLessThan(400));
        }
        assertThat(meters.counter(MeterName.PASSED_OVER, "worker").count()).isEqualTo(2);
    }
}
