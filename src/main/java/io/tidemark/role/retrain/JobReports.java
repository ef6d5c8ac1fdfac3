package io.tidemark.role.retrain;

import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Follows {@code reports}: of several reports of one job the first counts. Owned by one thread. */
public final class JobReports implements AutoCloseable {
    private static final PassedOver TOLD = new PassedOver("reports", null);

    private final TopicTail tail;
    private final Map<String, JobReport> byJob = new LinkedHashMap<>();

    public JobReports(KafkaConnection connection) throws InterruptedException {
        tail = new TopicTail(connection, topic(connection), 0);
    }

    /** The topic's whole name. */
    public static String topic(KafkaConnection connection) {
        return connection.names().reports();
    }

    /** How a job ended, as far as is committed now; reads the topic once. */
    public static Optional<JobReport> find(KafkaConnection connection, String job) throws InterruptedException {
        try (JobReports reports = new JobReports(connection)) {
            reports.tail.drain(reports::take);
            return Optional.ofNullable(reports.byJob.get(job));
        }
    }

    /** Takes what has come. */
    public void poll(Duration wait) {
        tail.poll(wait, this::take);
    }

    /** Takes everything that was there when this was first asked. */
    public void drain() {
        tail.drain(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() == null) throw new MalformedRecordException("the record has no value");
            JobReport report = JobReport.fromJson(record.value());
            byJob.putIfAbsent(report.job().id(), report);
        } catch (MalformedRecordException e) {
            TOLD.tell(record, String.valueOf(e.getMessage()));
        }
    }

    /** The reports of a run so far, in the order they came. */
    public List<JobReport> of(String run) {
        List<JobReport> found = new ArrayList<>();
        for (JobReport report : byJob.values()) if (report.job().run().equals(run)) found.add(report);
        return found;
    }

    @Override
    public void close() {
        tail.close();
    }
}
