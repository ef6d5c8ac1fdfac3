package io.tidemark.role.retrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShareGroupQueueIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration LOCK = Duration.ofSeconds(15);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private String topic = "";

    @BeforeEach
    void sendJobs() {
        topic = kafka.topic("jobs", 1);
        for (String job : List.of("a", "b", "c")) kafka.send(topic, job.getBytes(UTF_8), job.getBytes(UTF_8));
    }

    private JobQueue queue() {
        return new ShareGroupQueue(connection, kafka.prefix() + "retrain", topic, LOCK);
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
    void two_workers_share_the_jobs_and_each_job_is_done_once() {
        try (JobQueue one = queue();
                JobQueue two = queue()) {
            TreeSet<String> taken = new TreeSet<>();
            taken.add(take(one));
            taken.add(take(two));
            one.done();
            taken.add(take(one));
            two.done();
            one.done();
            assertThat(taken).containsExactly("a1", "b1", "c1");
            assertThat(one.next(Duration.ofSeconds(1))).isEmpty();
        }
    }

    @Test
    void a_released_job_comes_again_with_its_count_and_a_rejected_one_does_not() {
        try (JobQueue queue = queue()) {
            String first = take(queue);
            queue.release();
            TreeSet<String> rest = new TreeSet<>();
            for (int i = 0; i < 3; i++) {
                rest.add(take(queue));
                queue.reject();
            }
            assertThat(rest).contains(first.charAt(0) + "2").hasSize(3);
            assertThat(queue.next(Duration.ofSeconds(1))).isEmpty();
        }
    }

    @Test
    void a_job_is_kept_for_longer_than_its_lock_by_renewing_it() {
        try (JobQueue one = queue();
                JobQueue two = queue()) {
            String job = take(one);
            long until = System.nanoTime() + LOCK.plusSeconds(4).toNanos();
            TreeSet<String> others = new TreeSet<>();
            while (System.nanoTime() < until) {
                assertThat(one.renew()).isTrue();
                two.next(Duration.ofSeconds(1)).ifPresent(other -> {
                    others.add(new String(other.value(), UTF_8));
                    two.done();
                });
            }
            one.done();
            assertThat(others).hasSize(2).doesNotContain(job.substring(0, 1));
            assertThat(two.next(Duration.ofSeconds(1))).isEmpty();
        }
    }
}
