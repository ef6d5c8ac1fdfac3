package io.tidemark.role.retrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.KafkaForTests;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.learn.learning.History;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.net.engine.TestNetworks;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.Step;
import io.tidemark.series.sample.TrainingRows;
import io.tidemark.series.sample.Wire;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryReaderIT {
    private static final int ROWS_MAX = 10_000;
    private static final long TO_MS = 10_000_000;

    private final KafkaForTests kafka = KafkaForTests.fresh();
    private final KafkaConnection connection = kafka.connection();
    private final StreamSpec stream = TestNetworks.stream(1);
    private final Meters meters = new Meters(new SimpleMeterRegistry());
    private final HistoryReader reader = new HistoryReader(connection, new PassedOver("test", meters));

    @BeforeEach
    void record() {
        kafka.topic("training", 1);
        kafka.topic("gates", 1);
        rows(0, 200);
    }

    @Test
    void theSameRangeIsReadOnceAndThenOnlyWhatCameSince() throws Exception {
        History first = read(0);
        assertThat(first.kept()).isEqualTo(200);
        deleteWhatIsThere();
        rows(200, 40);

        History second = read(0);
        assertThat(second).isSameAs(first);
        assertThat(second.kept()).isEqualTo(240);
        int examples = second.windows(TestNetworks.autoencoder().bind(1)).size();
        assertThat(examples).isEqualTo(240 - TestNetworks.WINDOW + 1);
    }

    @Test
    void anotherRangeIsReadFromTheBeginning() throws Exception {
        assertThat(read(0).kept()).isEqualTo(200);
        assertThat(read(50_000).kept()).isEqualTo(150);
        assertThat(read(0).kept()).isEqualTo(200);
    }

    @Test
    void aForgottenHistoryIsReadAgain() throws Exception {
        History first = read(0);
        reader.forget();
        History second = read(0);
        assertThat(second).isNotSameAs(first);
        assertThat(second.kept()).isEqualTo(200);
    }

    @Test
    void whatCameAfterTheDeclaredEndIsNotRead() throws Exception {
        Map<String, Long> until = HistoryReader.ends(connection, stream.name());
        rows(200, 40);
        HistoryReader.Read early = reader.read(stream, 0, TO_MS, until, ROWS_MAX);
        assertThat(early.history().kept()).isEqualTo(200);
        assertThat(early.first()).containsOnly(Map.entry("training", 0L), Map.entry("gates", 0L));
        assertThat(reader.read(stream, 0, TO_MS, until, ROWS_MAX).history())
                .as("the run's next job")
                .isSameAs(early.history());
        assertThat(read(0).kept()).as("all there is").isEqualTo(240);
    }

    @Test
    void recordsOfAnotherKeyThanTheirSeriesArePassedOverAndCounted() throws Exception {
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            Wire wire = Wire.writer(4096);
            Gate gate = new Gate("test", "a", stream.generation(), 200, 239, true, "");
            Label label = new Label("test", "a", 0, 50_000, true);
            for (byte[] key : new byte[][] {"test/b".getBytes(UTF_8), "a".getBytes(UTF_8), null}) {
                producer.send(new ProducerRecord<>(
                        connection.names().training(), 0, key, chunk(200, 40).encode(wire)));
                producer.send(new ProducerRecord<>(connection.names().gates(), 0, key, gate.encode(wire)));
                producer.send(new ProducerRecord<>(connection.names().gates(), 0, key, label.encode(wire)));
            }
        }
        assertThat(read(0).kept()).isEqualTo(200);
        assertThat(meters.counter(MeterName.PASSED_OVER, "test").count()).isEqualTo(9);
    }

    private History read(long fromMs) throws InterruptedException {
        return reader.read(stream, fromMs, TO_MS, null, ROWS_MAX).history();
    }

    private void deleteWhatIsThere() throws Exception {
        RecordsToDelete all = RecordsToDelete.beforeOffset(-1);
        kafka.admin()
                .deleteRecords(Map.of(
                        new TopicPartition(connection.names().training(), 0), all,
                        new TopicPartition(connection.names().gates(), 0), all))
                .all()
                .get();
    }

    private TrainingRows chunk(int from, int count) {
        TrainingRows chunk = new TrainingRows();
        chunk.begin("test", "a", stream.generation(), 1);
        for (int i = from; i < from + count; i++) {
            Step step = new Step();
            step.features(1);
            step.step = i;
            step.timeMs = i * 1000L;
            step.scale()[0] = 1;
            chunk.add(step);
        }
        return chunk;
    }

    private void rows(int from, int count) {
        byte[] key = "test/a".getBytes(UTF_8);
        TrainingRows chunk = chunk(from, count);
        Gate gate = new Gate("test", "a", stream.generation(), from, from + count - 1, true, "");
        Wire wire = Wire.writer(4096);
        try (Producer<byte[], byte[]> producer = connection.producer(Map.of())) {
            producer.send(new ProducerRecord<>(connection.names().training(), 0, key, chunk.encode(wire)));
            producer.send(new ProducerRecord<>(connection.names().gates(), 0, key, gate.encode(wire)));
        }
    }
}
