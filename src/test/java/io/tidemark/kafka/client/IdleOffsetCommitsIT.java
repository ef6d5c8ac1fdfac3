package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdleOffsetCommitsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(5);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final String topic = kafka.topic("samples", 2);
    private @Nullable RuntimeException failure;

    private Consumer<byte[], byte[]> member() {
        Consumer<byte[], byte[]> member = kafka.consumer(Map.of(
                "group.id", kafka.prefix() + "worker",
                "heartbeat.interval.ms", "50",
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"));
        member.subscribe(List.of(topic));
        return member;
    }

    @Test
    void amongOtherMembersThatComeAndGoItNeverFailsAndCommitsOnceThereIsPeace() {
        kafka.send(topic, "key".getBytes(UTF_8), "sample".getBytes(UTF_8));
        try (Consumer<byte[], byte[]> quiet = member()) {
            Eventually.holds(SOON, "the member has both partitions", () -> owns(quiet, 2));
            for (int times = 0; times < 3; times++) {
                try (Consumer<byte[], byte[]> other = member()) {
                    Eventually.holds(SOON, "the other member has one of them", () -> owns(quiet, 1) & owns(other, 1));
                }
                Eventually.holds(SOON, "the member has both partitions again", () -> owns(quiet, 2));
            }
            Eventually.holds(SOON, "the places are committed", () -> {
                new IdleOffsetCommits().settle(quiet);
                return quiet.committed(quiet.assignment()).values().stream()
                                .mapToLong(place -> place == null ? 0 : place.offset())
                                .sum()
                        == 1;
            });
        }
        assertThat(failure).isNull();
    }

    private boolean owns(Consumer<byte[], byte[]> member, int partitions) {
        member.poll(SHORT);
        try {
            new IdleOffsetCommits().settle(member); // of none noted, so that it always commits
        } catch (RuntimeException e) {
            failure = e;
        }
        return member.assignment().size() == partitions;
    }
}
