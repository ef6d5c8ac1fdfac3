package io.tidemark.learn.learning;

import io.tidemark.config.StreamSpec;
import io.tidemark.net.engine.Engine;
import io.tidemark.net.engine.NetworkState;
import io.tidemark.net.network.Network;
import io.tidemark.series.sample.Gate;
import io.tidemark.series.sample.Label;
import io.tidemark.series.sample.MalformedRecordException;
import io.tidemark.series.sample.TrainingRows;
import java.util.ArrayList;
import java.util.List;

/**
 * Teaches every network of one stream from its rows and gates, in the order they are given.
 *
 * <p>Owned by one thread. The networks share one bounded history; each keeps its own schedule and generator, so that adding a
 * network changes nothing for the others.
 */
public final class StreamLearner implements AutoCloseable {
    /** Rises when the same rows, gates and labels no longer teach the same bits: versions made before cannot be made again. */
    public static final int RULES = 5;

    private final StreamSpec stream;
    private final TaughtRows rows;
    private final List<NetworkLearner> learners = new ArrayList<>();
    private List<LearningEvent> events = new ArrayList<>();

    /** @param networks the stream's networks, bound to its features */
    public StreamLearner(StreamSpec stream, List<Network> networks, Engine engine) {
        this(stream, networks, engine, (network, nanos) -> {});
    }

    /** @param times hears of every optimiser step */
    public StreamLearner(StreamSpec stream, List<Network> networks, Engine engine, StepTimes times) {
        this.stream = stream;
        this.rows = TaughtRows.of(stream);
        for (Network network : networks) learners.add(new NetworkLearner(stream, network, engine, rows, times));
    }

    public StreamSpec stream() {
        return stream;
    }

    /** The history, for its counts. */
    public TaughtRows history() {
        return rows;
    }

    /** Running mean of a network's training loss; NaN before its first step. */
    public double loss(String network) {
        return learner(network).loss();
    }

    /** Takes rows; they teach once their gates are known. */
    public List<LearningEvent> rows(TrainingRows chunk) {
        rows.add(chunk, this::rowTaught);
        return take();
    }

    /** Takes a gate. */
    public List<LearningEvent> gate(Gate gate) {
        rows.add(gate, this::rowTaught);
        return take();
    }

    /** Takes what a person said of rows, kept ones included: those of an anomaly teach no more, those that are normal do. */
    public List<LearningEvent> label(Label label) {
        rows.label(label);
        return take();
    }

    /** Keeps rows that need no gate, for {@link #train}; no step is taken. */
    public void remember(TrainingRows chunk) {
        rows.remember(chunk);
    }

    /** Trains every network for {@code learning.passes} passes over what is kept, in a seeded shuffled order. */
    public List<LearningEvent> train() {
        for (NetworkLearner learner : learners) {
            learner.train(stream.learning().pace().passes(), stream.learning().seed(), events::add);
        }
        return take();
    }

    /** Continues a network from given weights instead of untrained ones. */
    public void adopt(String network, NetworkState state) {
        learner(network).adopt(state);
    }

    private NetworkLearner learner(String network) {
        for (NetworkLearner learner : learners) if (learner.name().equals(network)) return learner;
        throw new IllegalArgumentException("network " + network + " is not one of stream " + stream.name());
    }

    private void rowTaught() {
        for (int i = 0; i < learners.size(); i++) learners.get(i).rowTaught(events::add);
    }

    private List<LearningEvent> take() {
        if (events.isEmpty()) return List.of();
        List<LearningEvent> taken = events;
        events = new ArrayList<>();
        return taken;
    }

    /** All that decides what comes next. */
    public Checkpoint checkpoint() {
        return Checkpoint.of(rows, learners);
    }

    /**
     * Goes on from a checkpoint; only before the first row. A network that the checkpoint does not know, or knows with other
     * layers, starts untrained.
     *
     * @return false when the checkpoint is of another generation and nothing was restored
     * @throws MalformedRecordException when the checkpoint is damaged or of a later version; this learner is then of no more use
     */
    public boolean restore(Checkpoint checkpoint) {
        return checkpoint.into(rows, learners);
    }

    @Override
    public void close() {
        for (NetworkLearner learner : learners) learner.close();
    }
}
