package io.tidemark.role.retrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue of brokers that have no share groups. */
class ConsumerGroupQueueIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private String topic = "";

    @BeforeEach
    void sendJobs() {
        topic = kafka.topic("jobs", 1);
        for (String job : List.of("a", "b")) kafka.send(topic, job.getBytes(UTF_8), job.getBytes(UTF_8));
    }

    private JobQueue queue() throws InterruptedException {
        return new ConsumerGroupQueue(connection, kafka.prefix() + "retrain", topic);
    }

    private static String take(JobQueue queue) {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (System.nanoTime() < end) {
            Optional<JobQueue.Delivery> taken = queue.next(Duration.ofSeconds(1));
            if (taken.isPresent())
                return new String(taken.get().value(), UTF_8) + taken.get().deliveries();
        }
        throw new AssertionError("no job within " + WITHIN);
    }

    @Test
    void a_job_that_was_not_finished_comes_again_to_the_next_worker() throws Exception {
        try (JobQueue one = queue()) {
            assertThat(take(one)).isEqualTo("a1");
            assertThat(one.renew()).isTrue();
            one.release();
            assertThat(take(one)).isEqualTo("a2");
            one.done();
            assertThat(take(one)).isEqualTo("b1");
        }
        try (JobQueue two = queue()) {
            assertThat(take(two)).isEqualTo("b1");
            two.reject();
            assertThat(two.next(Duration.ofSeconds(1))).isEmpty();
        }
    }
}
