package io.tidemark.kafka.client;

import io.tidemark.kafka.client.SimulatedKafka.Coordinator;
import io.tidemark.kafka.client.SimulatedKafka.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** A producer, as far as Tidemark uses one. A send that is refused shows at the commit, as with Kafka's own. */
public final class SimulatedProducer {
    private final SimulatedKafka.Process process;
    private final SimulatedKafka kafka;
    private final @Nullable Coordinator coordinator;
    private final long timeoutMs;
    private int epoch = -1;
    private boolean closed;

    SimulatedProducer(SimulatedKafka.Process process, Map<String, Object> settings) {
        this.process = process;
        kafka = process.kafka();
        Object id = settings.get("transactional.id");
        coordinator = id == null ? null : kafka.coordinator(id.toString());
        timeoutMs = Long.parseLong(
                settings.getOrDefault("transaction.timeout.ms", "60000").toString());
    }

    private Coordinator coordinator() {
        if (coordinator == null) throw new IllegalStateException("no transactional.id");
        return coordinator;
    }

    public void initTransactions() {
        process.at("initTransactions");
        epoch = coordinator().begin();
    }

    public void beginTransaction() {
        process.at("beginTransaction");
        if (!isFenced()) coordinator().settle();
    }

    private boolean isFenced() {
        return epoch != coordinator().epoch();
    }

    private void checkEpoch() {
        if (isFenced()) throw new ProducerFencedException("a newer producer has this id");
    }

    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        process.at("send");
        if (closed) throw new IllegalStateException("a producer that has been closed was used");
        if (coordinator != null && isFenced()) {
            return CompletableFuture.failedFuture(new ProducerFencedException("a newer producer has this id"));
        }
        int count = kafka.partitions(record.topic());
        int partition = record.partition() != null
                ? record.partition()
                : record.key() == null ? 0 : Utils.toPositive(Utils.murmur2(record.key())) % count;
        TopicPartition at = new TopicPartition(record.topic(), partition);
        long offset = kafka.log(at)
                .append(record, kafka.millis(), coordinator == null ? null : coordinator.open(timeoutMs).records);
        return CompletableFuture.completedFuture(new RecordMetadata(at, offset, 0, kafka.millis(), -1, -1));
    }

    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        process.at("sendOffsets");
        checkEpoch();
        kafka.group(member.groupId()).check(member.memberId(), member.generationId());
        coordinator().open(timeoutMs).offsets.put(member.groupId(), Map.copyOf(offsets));
    }

    public void commitTransaction() {
        process.at("commit");
        checkEpoch();
        Fault fault = process.faults().commit();
        if (fault == Fault.NOT_DONE) throw new TimeoutException("the coordinator does not answer");
        coordinator().end(false, process.faults().isSlow());
        if (fault == Fault.DONE_UNSEEN) throw new TimeoutException("the coordinator's answer was lost");
        process.at("committed");
    }

    public void abortTransaction() {
        process.at("abort");
        checkEpoch();
        coordinator().end(true, false);
    }

    public void flush() {
        process.at("flush");
    }

    public void close() {
        closed = true;
    }

    public void close(Duration within) {
        closed = true;
    }
}
