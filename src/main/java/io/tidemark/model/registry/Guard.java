package io.tidemark.model.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.config.GuardSpec;
import io.tidemark.config.StreamSpec;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.PassedOver;
import io.tidemark.kafka.client.RoleContext;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.metrics.MeterName;
import io.tidemark.metrics.Meters;
import io.tidemark.model.promotion.HealthSummary;
import io.tidemark.model.promotion.Watch;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over promotions and rolls them back.
 *
 * <p>For the declared time after a version was promoted, by a person or by a retraining, it reads {@code vitals} and
 * {@code scores} from the declared time before the promotion on, and compares what the version before said with what this one
 * says. When a figure is over its limit it asks the registrar for a rollback, with the figures. A pin is a person's word and a
 * learner's own version has beaten the last one on rows held out: neither is watched.
 *
 * <p>Nothing is read while nothing is watched; at most {@link #SCORES_BEFORE} scores of each partition before a promotion and
 * {@link #SCORES_A_SECOND} after it. One guard runs beside each registrar, and only the one beside the deciding registrar works.
 */
public final class Guard implements AutoCloseable {
    /** Scores of each partition that are read from before a promotion. */
    static final long SCORES_BEFORE = 50_000;
    /** Scores that are read in a second. */
    static final int SCORES_A_SECOND = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PAUSE_MS = 500;
    /** For the first answers to come; an error ends it at once. */
    private static final Duration FIRST_READ = Duration.ofSeconds(2);

    private final KafkaConnection connection;
    private final Map<String, StreamSpec> streams = new TreeMap<>();
    private final Meters meters;
    private final BooleanSupplier owner;
    private final InstantSource clock;
    private final PassedOver told;
    private final Consumer<byte[], byte[]> consumer;
    private final ModelLog log = new ModelLog(version -> false);
    private Map<ModelId, Watched> watched = Map.of();
    private long second;
    private int readInSecond;

    /** A promotion under watch. */
    private static final class Watched {
        final long revision;
        final int before;
        final int after;
        final long sinceMs;
        final HealthSummary healthBefore = new HealthSummary();
        final HealthSummary healthAfter = new HealthSummary();
        boolean undone;

        Watched(long revision, int before, int after, long sinceMs) {
            this.revision = revision;
            this.before = before;
            this.after = after;
            this.sinceMs = sinceMs;
        }

        HealthSummary of(int version) {
            return version == after ? healthAfter : healthBefore;
        }

        boolean concerns(int version) {
            return version == after || version == before;
        }
    }

    /**
     * Connects; waits for the broker, but not yet for the topics.
     *
     * @param declared every declared stream
     * @param owner whether the registrar of this process is the one that decides
     */
    public Guard(RoleContext context, List<StreamSpec> declared, BooleanSupplier owner) {
        connection = context.connection();
        meters = context.meters();
        clock = context.clock();
        for (StreamSpec stream : declared) streams.put(stream.name(), stream);
        this.owner = owner;
        told = new PassedOver("guard", meters);
        consumer = connection.consumer(Map.of(
                "auto.offset.reset", "latest",
                "allow.auto.create.topics", "false",
                "max.poll.records", "2000"));
        for (StreamSpec stream : declared) {
            for (String network : stream.networks()) {
                meters.counter(MeterName.GUARD_ROLLBACKS, stream.name(), network);
            }
        }
    }

    /** Watches while told to, and closes. */
    public void run(BooleanSupplier running) throws InterruptedException {
        boolean tried = false;
        try (TopicTail tail = new TopicTail(connection, connection.names().models(), 0)) {
            while (running.getAsBoolean()) {
                try {
                    if (!tried) tried = tryToRead();
                    tail.poll(POLL, log.sink(told));
                    if (!tail.caughtUp() || !owner.getAsBoolean()) continue;
                    choose(clock.millis());
                    if (watched.isEmpty()) Thread.sleep(PAUSE_MS);
                    else read();
                } catch (RetriableException e) {
                    LOG.warn("the guard waits for the broker: {}", e.toString());
                }
            }
        } catch (InterruptException e) {
            LOG.debug("told to stop");
        } finally {
            close();
        }
    }

    /** Begins and ends watches; the records are read again from the earliest one's beginning when one begins. */
    private void choose(long nowMs) {
        Map<ModelId, Watched> now = new HashMap<>();
        boolean fresh = false;
        for (StreamSpec stream : streams.values()) {
            for (String network : stream.networks()) {
                ModelId id = new ModelId(stream.name(), network);
                Watched wanted = promotion(id, stream.guard(), nowMs);
                if (wanted == null) continue;
                Watched known = watched.get(id);
                boolean same = known != null && known.revision == wanted.revision;
                now.put(id, same ? known : wanted);
                fresh |= !same;
            }
        }
        if (fresh) {
            now.replaceAll((id, w) -> w.undone ? w : new Watched(w.revision, w.before, w.after, w.sinceMs));
        }
        watched = now;
        if (fresh) seek();
    }

    private @Nullable Watched promotion(ModelId id, GuardSpec limits, long nowMs) {
        Deployment deployment = log.deployment(id);
        List<AuditEntry> audit = log.audit(id);
        for (int i = audit.size() - 1; i >= 0; i--) {
            AuditEntry entry = audit.get(i);
            if (!entry.refused().isEmpty()
                    || entry.change().before() == entry.change().after()) continue;
            boolean promoted =
                    entry.change().action().equals("promote") && entry.change().after() == deployment.champion();
            if (!promoted || deployment.roles().pinned()) return null;
            long since = log.decidedMs(entry);
            if (nowMs - since > limits.watch().toMillis()) return null;
            return new Watched(
                    entry.at().sequence(),
                    entry.change().before(),
                    entry.change().after(),
                    since);
        }
        return null;
    }

    private List<String> topics() {
        return List.of(connection.names().vitals(), connection.names().scores());
    }

    /** Reads from each of its topics before anything was promoted, so that a right that is missing is named now and not weeks later; false while they are not there. */
    private boolean tryToRead() {
        for (String topic : topics()) {
            List<TopicPartition> partitions = partitions(topic);
            if (partitions.isEmpty()) return false;
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            consumer.poll(FIRST_READ);
        }
        consumer.unsubscribe();
        return true;
    }

    private List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null) return List.of();
        return found.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private void seek() {
        List<TopicPartition> partitions =
                topics().stream().flatMap(topic -> partitions(topic).stream()).toList();
        consumer.assign(partitions);
        long from = Long.MAX_VALUE;
        for (Map.Entry<ModelId, Watched> entry : watched.entrySet()) {
            StreamSpec stream = streams.get(entry.getKey().stream());
            if (stream == null) continue;
            from = Math.min(
                    from, entry.getValue().sinceMs - stream.guard().watch().toMillis());
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        for (TopicPartition partition : partitions) times.put(partition, Math.max(0, from));
        Map<TopicPartition, OffsetAndTimestamp> at = consumer.offsetsForTimes(times);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp first = at.get(partition);
            consumer.seek(partition, Math.max(first == null ? end : first.offset(), end - SCORES_BEFORE));
        }
        watched.forEach((id, w) -> LOG.info("the guard watches over {}@{}", id, w.after));
    }

    private void read() throws InterruptedException {
        if (consumer.assignment().isEmpty()) {
            Thread.sleep(PAUSE_MS); // its topics are not there yet
            seek();
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            byte[] value = record.value();
            try {
                if (record.topic().equals(connection.names().vitals())) health(value);
                else if (mayRead(record.timestamp())) score(value);
            } catch (DamagedModelException e) {
                told.tell(record, String.valueOf(e.getMessage()));
            }
        }
        for (Map.Entry<ModelId, Watched> entry : watched.entrySet()) judge(entry.getKey(), entry.getValue());
    }

    private boolean mayRead(long timestampMs) {
        long now = timestampMs / 1000;
        if (now != second) {
            second = now;
            readInSecond = 0;
        }
        return readInSecond++ < SCORES_A_SECOND;
    }

    private void health(byte @Nullable [] value) {
        HealthReport health = HealthReport.fromJson(value);
        Watched of = watched.get(health.model());
        if (of == null || health.challenger() || !of.concerns(health.version())) return;
        of.of(health.version())
                .report(
                        health.scored().samples(),
                        health.scored().failed(),
                        health.scored().errorMedian(),
                        health.scored().nanosPerSample());
    }

    private void score(byte @Nullable [] value) {
        @Nullable JsonNode score;
        try {
            score = value == null ? null : JSON.readTree(value);
        } catch (IOException e) {
            throw new DamagedModelException("it is not a score: " + e.getMessage(), e);
        }
        if (score == null || !score.isObject()) throw new DamagedModelException("it is not a score");
        StreamSpec stream = streams.get(score.path("stream").asText());
        if (stream == null || !score.path("status").asText().equals("scored")) return;
        boolean alerts = alerts(stream, score);
        double tail = score.path("tail_probability").asDouble(Double.NaN);
        for (JsonNode model : score.path("models")) {
            String network = model.path("network").asText();
            if (!stream.networks().contains(network)) continue;
            Watched of = watched.get(new ModelId(stream.name(), network));
            int version = model.path("version").asInt();
            if (of != null && of.concerns(version)) of.of(version).score(alerts, tail);
        }
    }

    /**
     * Whether a step would open an alert at the threshold, whatever opens alerts on this stream: the alert score is high for single steps only, while a
     * return level stays up through an incident that is no fault of the new version's.
     */
    private static boolean alerts(StreamSpec stream, JsonNode score) {
        StreamSpec.Verdict verdict = stream.verdict();
        return score.path(verdict.hysteresis().forSteps() == 1 ? "alert_score" : "score")
                        .asDouble(0)
                >= verdict.hysteresis().open();
    }

    private void judge(ModelId id, Watched of) throws InterruptedException {
        StreamSpec stream = streams.get(id.stream());
        if (of.undone || stream == null) return;
        ModelVersion version = log.version(id, of.after);
        double usual = version == null ? Double.NaN : version.reference().median();
        List<String> reasons = Watch.against(stream.guard(), of.healthBefore, of.healthAfter, usual);
        if (reasons.isEmpty()) return;
        RegistryClient.send(
                connection,
                new RegistryCommand(
                        "guard-" + of.after + "-" + of.revision,
                        RegistryCommand.Action.ROLLBACK,
                        id,
                        of.after,
                        false,
                        new Request("guard", String.join("; ", reasons), clock.millis()),
                        Watch.figures(of.healthBefore, of.healthAfter)));
        of.undone = true;
        meters.counter(MeterName.GUARD_ROLLBACKS, id.stream(), id.network()).increment();
        LOG.warn("{}@{} is rolled back: {}", id, of.after, String.join("; ", reasons));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
