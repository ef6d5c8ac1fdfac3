package io.tidemark.kafka.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * One partition. A record of a transaction is hidden until the transaction's marker is in this partition, and so is all that follows
 * it; a marker takes an offset.
 */
final class SimulatedLog {
    /** A transaction; each partition hears of its end by itself. */
    static final class Transaction {
        /** Partitions without its marker. */
        final Set<SimulatedLog> open = new HashSet<>();

        boolean aborted;
    }

    private record Entry(
            ConsumerRecord<byte[], byte[]> record, @Nullable Transaction transaction) {}

    final TopicPartition partition;
    private final List<Entry> entries = new ArrayList<>();
    private long end;

    SimulatedLog(TopicPartition partition) {
        this.partition = partition;
    }

    long append(ProducerRecord<byte[], byte[]> record, long nowMs, @Nullable Transaction transaction) {
        if (transaction != null) transaction.open.add(this);
        entries.add(new Entry(
                new ConsumerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        end,
                        record.timestamp() == null ? nowMs : record.timestamp(),
                        TimestampType.CREATE_TIME,
                        -1,
                        -1,
                        record.key(),
                        record.value(),
                        new RecordHeaders(record.headers()),
                        java.util.Optional.empty()),
                transaction));
        return end++;
    }

    void mark(Transaction transaction) {
        if (transaction.open.remove(this)) end++;
    }

    /** The end, records of open transactions included. */
    long end() {
        return end;
    }

    /**
     * Hands over committed records.
     *
     * @param max the most
     * @return the next offset to read from
     */
    long read(long from, int max, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        int count = 0;
        for (int i = first(from); i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Transaction transaction = entry.transaction;
            boolean hidden = transaction != null && transaction.open.contains(this);
            if (hidden || count == max) return entry.record.offset();
            if (transaction != null && transaction.aborted) continue;
            sink.accept(entry.record);
            count++;
        }
        return end;
    }

    private int first(long offset) {
        int at = Collections.binarySearch(entries, null, (entry, none) -> Long.compare(entry.record.offset(), offset));
        return at < 0 ? -at - 1 : at;
    }
}
