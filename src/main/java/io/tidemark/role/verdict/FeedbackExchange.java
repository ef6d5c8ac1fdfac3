package io.tidemark.role.verdict;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.config.TopicNames;
import io.tidemark.judge.feedback.Feedback;
import io.tidemark.kafka.client.AcknowledgedSend;
import io.tidemark.kafka.client.BrokerException;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.series.sample.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Sends feedback and waits for what comes of it: its label among the gates, or its dead letter. One thread. */
public final class FeedbackExchange implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConnection connection;
    private final Feedback feedback;
    private final Consumer<byte[], byte[]> consumer;
    private long sentOffset = -1;

    /**
     * Notes where the answers will come.
     *
     * @throws BrokerException when a topic is missing
     */
    public FeedbackExchange(KafkaConnection connection, Feedback feedback) {
        this.connection = connection;
        this.feedback = feedback;
        consumer = connection.consumer(Map.of("allow.auto.create.topics", "false", "fetch.max.wait.ms", "100"));
        try {
            Map<String, List<PartitionInfo>> topics = consumer.listTopics();
            partitions(topics, connection.names().feedback());
            String gates = connection.names().gates();
            String dead = connection.names().deadLetters();
            List<TopicPartition> answers = new ArrayList<>();
            int partition = TopicNames.partition(feedback.stream(), partitions(topics, gates));
            answers.add(new TopicPartition(gates, partition));
            for (int p = 0; p < partitions(topics, dead); p++) answers.add(new TopicPartition(dead, p));
            consumer.assign(answers);
            consumer.seekToEnd(answers);
            for (TopicPartition answer : answers) consumer.position(answer);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private static int partitions(Map<String, List<PartitionInfo>> topics, String topic) {
        List<PartitionInfo> found = topics.get(topic);
        if (found == null || found.isEmpty()) {
            throw new BrokerException("there is no topic " + topic
                    + "; check --prefix, or create Tidemark's topics with 'tidemark streams apply'");
        }
        return found.size();
    }

    public void send() throws InterruptedException {
        byte[] key = TopicNames.key(feedback.stream(), feedback.series()).getBytes(UTF_8);
        sentOffset = AcknowledgedSend.send(
                        connection, new ProducerRecord<>(connection.names().feedback(), key, feedback.encode()))
                .offset();
    }

    /**
     * Waits until it has taken effect.
     *
     * @throws IllegalStateException when it was refused, or when no verdict answers in time
     */
    public void await(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (isLabel(record)) return;
                if (isRefusal(record)) {
                    throw new IllegalStateException("it was refused: " + header(record, DeadLetter.REASON) + ": "
                            + header(record, DeadLetter.DETAIL));
                }
            }
        }
        throw new IllegalStateException("no verdict has answered within " + within.toSeconds()
                + " s; start one with tidemark run --roles verdict, and what was sent takes effect then");
    }

    private boolean isLabel(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(connection.names().gates())
                && record.value() != null
                && Label.isLabel(record.value())
                && Label.decode(record.value()).equals(feedback.toLabel());
    }

    /** Either stage of the verdict may refuse it: the one that reads what was sent, or the one that knows the series. */
    private boolean isRefusal(ConsumerRecord<byte[], byte[]> record) {
        if (!record.topic().equals(connection.names().deadLetters())) return false;
        String topic = header(record, DeadLetter.TOPIC);
        if (topic.equals(connection.names().labels())) {
            return record.key() != null && new String(record.key(), UTF_8).equals(feedback.key());
        }
        return topic.equals(connection.names().feedback())
                && header(record, DeadLetter.OFFSET).equals(Long.toString(sentOffset));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
