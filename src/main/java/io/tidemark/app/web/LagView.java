package io.tidemark.app.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.role.ingest.IngestRole;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records wait for the roles: from where their groups stand in the inputs and in {@code samples} and {@code inferences}, and where
 * these end. Markers of transactions count. Asked of the broker at most every ten seconds, and only while somebody looks, by a thread of its
 * own. Safe for any thread.
 */
final class LagView implements AutoCloseable {
    private static final long FRESH_MS = 10_000;
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(LagView.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConnection connection;
    private final List<Reading> readings;
    private final InstantSource clock;
    private final Runnable changed;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final ExecutorService asker;
    private volatile ObjectNode known = JSON.createObjectNode();
    private volatile long askedMs = Long.MIN_VALUE;
    private String told = "";

    /** A role's group reads a topic. */
    private record Reading(String role, String group, String topic) {}

    /** @param changed is run, on the thread that asks, when something else waits than before */
    LagView(KafkaConnection connection, Collection<StreamSpec> streams, InstantSource clock, Runnable changed) {
        this.connection = connection;
        this.clock = clock;
        this.changed = changed;
        List<Reading> all = new ArrayList<>();
        TreeSet<String> inputs = new TreeSet<>();
        streams.forEach(stream -> inputs.add(stream.input().topic()));
        for (String input : inputs) all.add(new Reading("ingest", IngestRole.group(connection, input), input));
        TopicNames names = connection.names();
        all.add(new Reading("worker", names.role("worker"), names.samples()));
        all.add(new Reading("verdict", names.role("verdict"), names.inferences()));
        readings = List.copyOf(all);
        asker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "console-lag");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Adds {@code lag} as it was last known, and {@code lag_why} where it could not be learnt; has it asked for anew where it is old. */
    void add(ObjectNode into) {
        boolean old = askedMs == Long.MIN_VALUE || clock.millis() - askedMs >= FRESH_MS;
        if (old && asking.compareAndSet(false, true)) asker.execute(this::ask);
        into.setAll(known);
    }

    private void ask() {
        ObjectNode json = JSON.createObjectNode();
        Admin admin = connection.admin();
        try {
            ArrayNode all = json.putArray("lag");
            for (Reading reading : readings) read(admin, reading, all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String why = "what waits cannot be learnt: " + cause.getMessage();
            json.put("lag_why", why);
            if (!why.equals(told)) LOG.warn("{}", why);
            told = why;
        } finally {
            admin.close(Duration.ZERO);
            boolean news = !json.equals(known);
            known = json;
            askedMs = clock.millis();
            asking.set(false);
            if (news) changed.run();
        }
    }

    private static <T> T wait(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Adds what waits for one role; nothing where its group never read the topic. */
    private static void read(Admin admin, Reading reading, ArrayNode into)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> stands = new HashMap<>();
        committed(admin, reading.group).forEach((partition, at) -> {
            if (at != null && partition.topic().equals(reading.topic)) stands.put(partition, at.offset());
        });
        if (stands.isEmpty()) return;
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicPartition partition : stands.keySet()) wanted.put(partition, OffsetSpec.latest());
        long waiting = 0;
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                wait(admin.listOffsets(wanted).all());
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
            waiting += Math.max(0, end.getValue().offset() - stands.getOrDefault(end.getKey(), 0L));
        }
        into.addObject().put("role", reading.role).put("topic", reading.topic).put("records", waiting);
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return wait(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) return Map.of();
            throw e;
        }
    }

    @Override
    public void close() {
        asker.shutdownNow();
    }
}
