package io.tidemark.app.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.TopicNames;
import io.tidemark.judge.incident.Silences;
import io.tidemark.kafka.client.DeadLetter;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.NewestRecords;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.TopicEnds;
import io.tidemark.series.sample.JsonRecord;
import io.tidemark.series.sample.MalformedRecordException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics that the console shows, in no group, so that any number of consoles stand beside each other. It begins with the newest records of
 * each partition. Where it is too far behind the scores it goes on at their end: it shows what is now, and counts what it passed over. It goes on without a
 * topic that it may not read, and tries that again every minute. A thread of its own.
 */
final class ConsoleReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long BEHIND_MAX = 100_000;
    private static final long PAUSE_NS = 1_000_000_000L;
    private static final long REFUSED_NS = 60 * PAUSE_NS;
    private static final String[] LETTER_HEADERS = {
        DeadLetter.STREAM, DeadLetter.ROLE, DeadLetter.REASON, DeadLetter.DETAIL, DeadLetter.TOPIC
    };

    private final KafkaConnection connection;
    private final TopicNames names;
    private final PassedOver told = new PassedOver("console", null);
    private final ConsoleState state;
    private final InstantSource clock;
    private final Thread thread;
    private final Set<String> refused = new HashSet<>();
    private volatile boolean closed;
    private volatile long readNs = System.nanoTime();
    private volatile @Nullable Consumer<byte[], byte[]> open;

    ConsoleReader(KafkaConnection connection, ConsoleState state, InstantSource clock) {
        this.connection = connection;
        this.names = connection.names();
        this.state = state;
        this.clock = clock;
        thread = new Thread(this::run, "console-reader");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether it has looked for records within a minute; a broker that is away does not stop it from looking. */
    boolean isReading() {
        return System.nanoTime() - readNs < REFUSED_NS;
    }

    /** How many records of each partition are read at the start. */
    private Map<String, Integer> topics() {
        Map<String, Integer> topics = new HashMap<>();
        topics.put(names.incidents(), 5_000);
        topics.put(names.silences(), Silences.SILENCES_MAX);
        topics.put(names.alerts(), 20_000);
        topics.put(names.scores(), 20_000);
        topics.put(names.forecasts(), 1_000);
        topics.put(names.anomalyMaps(), 20);
        topics.put(names.reconstructions(), 20);
        topics.put(names.deadLetters(), 100);
        return topics;
    }

    private void run() {
        while (!closed) {
            try (Consumer<byte[], byte[]> consumer = connection.consumer(
                    Map.of("client.id", "console", "max.poll.records", "2000", "allow.auto.create.topics", "false"))) {
                open = consumer;
                read(consumer);
            } catch (WakeupException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("the console cannot read and tries again: {}", e.toString());
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private void read(Consumer<byte[], byte[]> consumer) {
        Map<String, Long> missing = new HashMap<>();
        topics().keySet().forEach(topic -> missing.put(topic, System.nanoTime()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        boolean live = false;
        while (!closed) {
            begin(consumer, missing, ends);
            readNs = System.nanoTime();
            if (ends.isEmpty()) {
                LockSupport.parkNanos(POLL.toNanos());
                continue;
            }
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) take(record);
            } catch (TopicAuthorizationException e) {
                if (e.unauthorizedTopics().isEmpty()) throw e;
                leaveOut(consumer, e.unauthorizedTopics(), missing, ends);
                continue;
            }
            if (!live && TopicEnds.areReached(consumer, ends)) {
                live = true;
                state.live();
            }
            if (live) catchUp(consumer);
        }
    }

    /**
     * Begins with the topics that are there by now, and takes them off the missing ones.
     *
     * @param missing when each is looked for, as {@link System#nanoTime()}
     */
    private void begin(Consumer<byte[], byte[]> consumer, Map<String, Long> missing, Map<TopicPartition, Long> ends) {
        long nowNs = System.nanoTime();
        List<String> due = missing.entrySet().stream()
                .filter(topic -> nowNs - topic.getValue() >= 0)
                .map(Map.Entry::getKey)
                .toList();
        if (due.isEmpty()) return;
        Map<String, List<PartitionInfo>> known = consumer.listTopics();
        List<TopicPartition> found = new ArrayList<>();
        for (String topic : due) {
            missing.put(topic, nowNs + PAUSE_NS);
            for (PartitionInfo info : known.getOrDefault(topic, List.of())) {
                found.add(new TopicPartition(topic, info.partition()));
            }
        }
        if (found.isEmpty()) return;
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        all.addAll(found);
        consumer.assign(all);
        Map<String, Integer> newest = topics();
        ends.putAll(NewestRecords.seek(consumer, found, partition -> newest.getOrDefault(partition.topic(), 0)));
        for (TopicPartition partition : found) missing.remove(partition.topic());
    }

    /** Goes on without topics for a while; the others are read on where they are. */
    private void leaveOut(
            Consumer<byte[], byte[]> consumer,
            Set<String> topics,
            Map<String, Long> missing,
            Map<TopicPartition, Long> ends) {
        Set<TopicPartition> rest = new HashSet<>(consumer.assignment());
        rest.removeIf(partition -> topics.contains(partition.topic()));
        consumer.assign(rest);
        ends.keySet().removeIf(partition -> topics.contains(partition.topic()));
        for (String topic : topics) {
            missing.put(topic, System.nanoTime() + REFUSED_NS);
            if (!refused.add(topic)) continue;
            LOG.warn(
                    "the console is not authorized to read {} and goes on without it; a right that is given later counts"
                            + " within a minute (tidemark streams acl prints which it needs)",
                    topic);
        }
    }

    private void catchUp(Consumer<byte[], byte[]> consumer) {
        for (TopicPartition partition : consumer.assignment()) {
            if (!partition.topic().equals(names.scores())) continue;
            OptionalLong lag = consumer.currentLag(partition);
            if (lag.orElse(0) <= BEHIND_MAX) continue;
            state.skip(lag.getAsLong());
            consumer.seekToEnd(List.of(partition));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        if (record.value() == null && !topic.equals(names.silences())) return;
        try {
            if (topic.equals(names.silences())) {
                if (record.key() == null) throw new MalformedRecordException("it has no key");
                state.silence(new String(record.key(), UTF_8), record.value());
            } else if (topic.equals(names.scores())) {
                state.score(JsonRecord.object(record.value()), clock.millis());
            } else if (topic.equals(names.incidents())) {
                JsonNode incident = JsonRecord.object(record.value());
                if (!incident.path("id").isTextual()) throw new MalformedRecordException("it has no id");
                state.incident(incident, record.timestamp());
            } else if (topic.equals(names.alerts())) {
                state.alert(JsonRecord.object(record.value()));
            } else if (topic.equals(names.forecasts())) {
                state.forecast(JsonRecord.object(record.value()));
            } else if (topic.equals(names.deadLetters())) {
                state.letter(letter(record));
            } else if (record.key() != null) {
                String kind = topic.equals(names.anomalyMaps()) ? "map" : "reconstruction";
                state.image(kind, new String(record.key(), UTF_8), record.value(), frameMs(record));
            }
        } catch (RuntimeException e) {
            told.tell(record, String.valueOf(e.getMessage())); // no role wrote it
        }
    }

    /** Event time of the frame that a picture is of; 0 where no header says it. */
    static long frameMs(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("ce_time");
        if (header == null || header.value() == null) return 0;
        try {
            return Instant.parse(new String(header.value(), UTF_8)).toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    /** Why a record was given up; never its value. */
    private static ObjectNode letter(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode letter = JSON.createObjectNode().put("time", record.timestamp());
        for (String name : LETTER_HEADERS) {
            Header header = record.headers().lastHeader(name);
            if (header != null && header.value() != null) {
                letter.put(name.substring(name.indexOf('.') + 1), new String(header.value(), UTF_8));
            }
        }
        return letter;
    }

    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> consumer = open;
        if (consumer != null) consumer.wakeup();
        LockSupport.unpark(thread);
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
