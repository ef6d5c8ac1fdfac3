package io.tidemark.role.learner;

import io.tidemark.config.StreamSpec;
import io.tidemark.config.TopicNames;
import io.tidemark.kafka.client.KafkaConnection;
import io.tidemark.kafka.client.TopicTail;
import io.tidemark.model.promotion.Criteria;
import io.tidemark.model.promotion.Decision;
import io.tidemark.model.promotion.Judge;
import io.tidemark.model.promotion.LabelledRows;
import io.tidemark.model.promotion.RecentFrames;
import io.tidemark.model.promotion.ReplayedFrames;
import io.tidemark.model.promotion.ReplayedSeries;
import io.tidemark.model.registry.Model;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.RecordKey;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Judges a challenger against the champion on what {@code training} has recorded since both were trained, and on what people said of it. */
public final class ChallengerEvaluation {
    /** Records of rows that are replayed at most, the newest. */
    static final int RECORDS_MAX = 20_000;
    /** Labels that count at most, the newest. */
    static final int LABELS_MAX = 10_000;

    private final KafkaConnection connection;
    private final StreamSpec stream;
    private final Judge judge;

    /**
     * @param network bound to what the stream gives its networks
     * @throws IllegalArgumentException when the stream keeps too few frames to compare anything
     */
    public ChallengerEvaluation(KafkaConnection connection, StreamSpec stream, Network network, Engine engine) {
        this.connection = connection;
        this.stream = stream;
        long seed = stream.learning().seed();
        judge = new Judge(stream, network, engine, Criteria.SHIPPED, seed);
    }

    /**
     * Judges; reads the stream's partitions of {@code training} and {@code gates} once.
     *
     * @throws InterruptedException when the thread is told to stop while it waits for the topic
     */
    public Decision of(Model champion, Model challenger) throws InterruptedException {
        long from = 1
                + Math.max(
                        champion.manifest().training().lastTimeMs(),
                        challenger.manifest().training().lastTimeMs());
        boolean frames = stream.input().image().isPresent();
        return judge.with(labels()).judge(frames ? frames(from) : rows(from), champion.weights(), challenger.weights());
    }

    /** The frames of an event time and later. */
    private List<ReplayedFrames> frames(long fromMs) throws InterruptedException {
        RecentFrames recent = new RecentFrames(stream, fromMs);
        read(recent::add);
        return recent.recordings();
    }

    /** The rows of an event time and later. */
    private List<ReplayedSeries> rows(long fromMs) throws InterruptedException {
        List<TrainingRows> chunks = new ArrayList<>();
        read(rows -> {
            if (rows.rows() > 0 && rows.timeMs(rows.rows() - 1) >= fromMs) chunks.add(rows);
            if (chunks.size() > 2 * RECORDS_MAX) chunks.subList(0, RECORDS_MAX).clear();
        });
        List<TrainingRows> newest = chunks.subList(Math.max(0, chunks.size() - RECORDS_MAX), chunks.size());
        return ReplayedSeries.of(newest, stream.generation(), fromMs);
    }

    /** Hands over every record of rows or frames of the stream. */
    private void read(Consumer<TrainingRows> sink) throws InterruptedException {
        drain(connection.names().training(), (key, value) -> {
            TrainingRows rows = new TrainingRows().decode(value);
            RecordKey.check(key, rows.stream, rows.series);
            if (rows.stream.equals(stream.name())) sink.accept(rows);
        });
    }

    /** What people said of the stream, as it lies among the gates; the newest labels. */
    private LabelledRows labels() throws InterruptedException {
        List<Label> labels = new ArrayList<>();
        drain(connection.names().gates(), (key, value) -> {
            if (!Label.isLabel(value)) return;
            Label label = Label.decode(value);
            RecordKey.check(key, label.stream(), label.series());
            if (label.stream().equals(stream.name())) labels.add(label);
            if (labels.size() > 2 * LABELS_MAX) labels.subList(0, LABELS_MAX).clear();
        });
        return new LabelledRows(labels.subList(Math.max(0, labels.size() - LABELS_MAX), labels.size()));
    }

    private interface Taker {
        /** @throws MalformedRecordException when the record is passed over */
        void take(byte @Nullable [] key, byte[] value);
    }

    /** Hands over every record of the stream's partition of a topic, once. */
    private void drain(String topic, Taker taker) throws InterruptedException {
        int partitions = partitions(topic);
        try (TopicTail tail = new TopicTail(connection, topic, TopicNames.partition(stream.name(), partitions))) {
            tail.drain(record -> {
                if (record.value() == null) return;
                try {
                    taker.take(record.key(), record.value());
                } catch (MalformedRecordException e) {
                    return; // the learner has counted it
                }
            });
        }
    }

    private int partitions(String topic) throws InterruptedException {
        try (var consumer = connection.consumer(java.util.Map.of("allow.auto.create.topics", "false"))) {
            return TopicTail.await(consumer, topic);
        }
    }
}
