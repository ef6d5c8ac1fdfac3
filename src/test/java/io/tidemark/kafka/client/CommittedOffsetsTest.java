package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CommittedOffsetsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final String topic = kafka.topic("events", 1);
    private final TopicPartition first = new TopicPartition(topic, 0);
    private final String group = kafka.prefix() + "group";

    private void send(int records) {
        for (int i = 0; i < records; i++) kafka.send(topic, "key".getBytes(UTF_8), "event".getBytes(UTF_8));
    }

    private boolean settle(OffsetReset reset, boolean acceptsLoss) {
        return CommittedOffsets.settle(connection, group, List.of(topic), reset, acceptsLoss);
    }

    private Map<TopicPartition, Long> positions() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        kafka.admin()
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, at) -> positions.put(partition, at.offset()));
        return positions;
    }

    private void expire(long before) throws ExecutionException, InterruptedException {
        kafka.admin()
                .deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(before)))
                .all()
                .get();
    }

    @Test
    void aNewGroupBeginsWhereItIsToldAndStaysThere() throws Exception {
        send(3);
        assertThat(settle(OffsetReset.LATEST, false)).isTrue();
        assertThat(positions()).containsExactly(Map.entry(first, 3L));
        send(2);
        assertThat(settle(OffsetReset.LATEST, false)).isTrue();
        assertThat(positions()).as("what came meanwhile is still to be read").containsExactly(Map.entry(first, 3L));
    }

    @Test
    void aTopicThatWasReadIsToldFromOneThatWasNot() {
        assertThat(CommittedOffsets.begun(connection, group)).isEmpty();
        send(1);
        settle(OffsetReset.LATEST, false);
        assertThat(CommittedOffsets.begun(connection, group)).containsExactly(topic);
    }

    @Test
    void aNewGroupBeginsAtTheOldestRecordOrAtATime() throws Exception {
        send(2);
        assertThat(settle(OffsetReset.EARLIEST, false)).isTrue();
        assertThat(positions()).containsExactly(Map.entry(first, 0L));
        kafka.admin().deleteConsumerGroups(List.of(group)).all().get();
        assertThat(settle(new OffsetReset(Instant.EPOCH.toString()), false)).isTrue();
        assertThat(positions()).containsExactly(Map.entry(first, 0L));
        kafka.admin().deleteConsumerGroups(List.of(group)).all().get();
        assertThat(settle(new OffsetReset(Instant.now().toString()), false)).isTrue();
        assertThat(positions()).as("no record is as young").containsExactly(Map.entry(first, 2L));
    }

    @Test
    void recordsThatExpiredUnreadAreCountedAndPassedOverOnlyWhenThatIsAccepted() throws Exception {
        send(10);
        settle(OffsetReset.EARLIEST, false);
        expire(7);
        assertThatThrownBy(() -> settle(OffsetReset.EARLIEST, false))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("up to 7 of " + first)
                .hasMessageContaining("--accept-loss");
        assertThat(positions()).as("nothing has moved").containsExactly(Map.entry(first, 0L));
        assertThat(settle(OffsetReset.EARLIEST, true)).isTrue();
        assertThat(positions()).containsExactly(Map.entry(first, 7L));
        assertThat(settle(OffsetReset.EARLIEST, false)).isTrue();
    }

    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
        send(1);
        kafka.admin()
                .alterConsumerGroupOffsets(group, Map.of(first, new OffsetAndMetadata(500)))
                .all()
                .get();
        assertThat(settle(OffsetReset.LATEST, false)).isTrue();
        assertThat(positions()).containsExactly(Map.entry(first, 0L));
    }

    @Test
    void aGroupThatIsReadingIsLeftAloneAndSaysWhetherAPlaceIsMissing() throws Exception {
        send(2);
        settle(OffsetReset.LATEST, false);
        try (Consumer<byte[], byte[]> member = connection.consumer(Map.of("group.id", group))) {
            member.subscribe(List.of(topic));
            while (member.assignment().isEmpty()) member.poll(Duration.ofMillis(50));
            assertThat(settle(OffsetReset.LATEST, false)).as("all have a place").isTrue();
            kafka.admin()
                    .createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            Eventually.holds(
                    Duration.ofSeconds(20), "the new one has no place", () -> !settle(OffsetReset.LATEST, false));
        }
        assertThat(positions()).containsExactly(Map.entry(first, 2L));
    }

    @Test
    void aPartitionThatATopicGetsBetweenTwoStartsIsReadFromItsFirstRecord() throws Exception {
        settle(OffsetReset.LATEST, false);
        TopicPartition second = new TopicPartition(topic, 1);
        kafka.admin()
                .createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                .all()
                .get();
        Eventually.holds(SOON, "the second partition takes a record", () -> {
            try (var producer = kafka.producer(Map.of("max.block.ms", "2000"))) {
                producer.send(new ProducerRecord<>(topic, 1, null, "event".getBytes(UTF_8)))
                        .get();
                return true;
            }
        });

        assertThat(settle(OffsetReset.LATEST, false)).isTrue();

        assertThat(positions()).containsOnly(Map.entry(first, 0L), Map.entry(second, 0L));
    }

    @Test
    void aTopicThatTheGroupTakesUpLaterBeginsWhereItIsTold() throws Exception {
        settle(OffsetReset.EARLIEST, false);
        String other = kafka.topic("others", 1);
        kafka.send(other, "key".getBytes(UTF_8), "event".getBytes(UTF_8));

        CommittedOffsets.settle(connection, group, List.of(topic, other), OffsetReset.LATEST, false);

        assertThat(positions()).containsOnly(Map.entry(first, 0L), Map.entry(new TopicPartition(other, 0), 1L));
    }

    @Test
    void aLossIsAcceptedOnceTheLastMemberHasLeftAndNotBefore() throws Exception {
        send(10);
        settle(OffsetReset.EARLIEST, false);
        CompletableFuture<Boolean> accepted;
        try (Consumer<byte[], byte[]> member = connection.consumer(Map.of("group.id", group))) {
            member.subscribe(List.of(topic));
            while (member.assignment().isEmpty()) member.poll(Duration.ofMillis(50));
            expire(7);
            assertThatThrownBy(() -> CommittedOffsets.settle(
                            connection, group, List.of(topic), OffsetReset.EARLIEST, true, Duration.ofSeconds(1)))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("group " + group + ", which has members; stop every process of the role");
            assertThat(positions()).containsExactly(Map.entry(first, 0L));
            accepted = CompletableFuture.supplyAsync(() -> settle(OffsetReset.EARLIEST, true));
        }
        assertThat(accepted.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(positions()).containsExactly(Map.entry(first, 7L));
    }

    @Test
    void aMemberIsToldHowMuchItHasLost() throws Exception {
        send(10);
        expire(8);

        assertThat(CommittedOffsets.lost(connection, group, Map.of(first, 2L)))
                .hasMessageContaining("records expired before group " + group + " read them: up to 6 of " + first)
                .hasMessageContaining("--accept-loss");
    }

    @Test
    void aMissingTopicIsNamedAsSuch() {
        assertThatThrownBy(() -> CommittedOffsets.settle(
                        connection, group, List.of(kafka.prefix() + "nowhere"), OffsetReset.LATEST, false))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aBeginningIsAWordOrAPastTime() {
        for (String wrong : List.of("", "now", "2026-01-01", "9999-01-01T00:00:00Z")) {
            assertThatThrownBy(() -> OffsetReset.parse(wrong, InstantSource.system()))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("latest, earliest or a past time");
        }
    }
}
