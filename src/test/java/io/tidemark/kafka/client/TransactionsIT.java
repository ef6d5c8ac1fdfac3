package io.tidemark.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.Eventually;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

class TransactionsIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final String topic = kafka.topic("handed-on", 1);
    private final TopicPartition partition = new TopicPartition(topic, 0);

    /** A process that commits one record after another until it is ended. */
    private final class Owner {
        final AtomicInteger commits = new AtomicInteger();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final AtomicBoolean go = new AtomicBoolean(true);
        final Thread thread = new Thread(this::run);

        Owner() {
            thread.start();
        }

        private void run() {
            try (Transactions transactions =
                            new Transactions(connection, kafka.prefix() + "id", Map.of("linger.ms", 0));
                    Consumer<byte[], byte[]> consumer =
                            connection.consumer(Map.of("group.id", kafka.prefix() + "group"))) {
                while (go.get()) {
                    boolean committed = transactions.commit(
                            consumer,
                            Map.of(partition, new OffsetAndMetadata(1)),
                            producer -> producer.send(new ProducerRecord<>(topic, "event".getBytes(UTF_8))));
                    if (committed) commits.incrementAndGet();
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        }
    }

    @Test
    void olderOfTwoProcessesEndsWhereverInATransactionTheNewerFindsIt() throws InterruptedException {
        Owner older = new Owner();
        for (int round = 0; round < 15; round++) {
            Owner held = older;
            Eventually.holds(SOON, "the owner commits", () -> held.commits.get() >= 5 || held.failure.get() != null);
            assertThat(older.failure).as("round %d", round).hasValue(null);
            Owner newer = new Owner();
            Eventually.holds(SOON, "one has ended", () -> held.failure.get() != null || newer.failure.get() != null);
            assertThat(newer.failure).as("the newer of round %d", round).hasValue(null);
            assertThat(older.failure.get())
                    .as("the older of round %d", round)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            older = newer;
        }
        older.go.set(false);
        older.thread.join(20_000);
        assertThat(older.failure).hasValue(null);
    }
}
